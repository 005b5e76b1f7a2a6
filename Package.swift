// swift-tools-version: 6.2
import PackageDescription

/// A C library of Debian's, wrapped for Swift by a module map and a shim.
func cLibrary(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "cellarman",
    products: [
        .library(name: "PostgresWAL", targets: ["PostgresWAL"]),
        .library(name: "ObjectStorage", targets: ["ObjectStorage"]),
        .library(name: "ObjectStorageS3", targets: ["ObjectStorageS3"]),
        .library(name: "Decompression", targets: ["Decompression"]),
        .library(name: "BarmanCatalog", targets: ["BarmanCatalog"]),
        .library(name: "BarmanRecovery", targets: ["BarmanRecovery"]),
        .library(name: "BarmanAudit", targets: ["BarmanAudit"]),
        .executable(name: "cellarman", targets: ["cellarman"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        cLibrary("CCellarCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        cLibrary("CCellarOpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
        cLibrary("CCellarXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        cLibrary("CCellarZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        cLibrary("CCellarBzip2", apt: "libbz2-dev"),
        cLibrary("CCellarLZMA", pkgConfig: "liblzma", apt: "liblzma-dev"),
        cLibrary("CCellarZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
        cLibrary("CCellarLZ4", pkgConfig: "liblz4", apt: "liblz4-dev"),
        cLibrary("CCellarSnappy", pkgConfig: "snappy", apt: "libsnappy-dev"),

        .target(name: "CCellarCRC32C"),
        .systemLibrary(name: "CCellarProcess", path: "Sources/CCellarProcess"),
        .target(name: "PostgresWAL", dependencies: ["CCellarCRC32C"]),
        .target(name: "ObjectStorage"),
        .target(
            name: "Decompression",
            dependencies: [
                "CCellarZlib", "CCellarBzip2", "CCellarLZMA", "CCellarZstd", "CCellarLZ4", "CCellarSnappy",
            ]
        ),
        .target(
            name: "ObjectStorageS3",
            dependencies: ["ObjectStorage", "CCellarCurl", "CCellarOpenSSL", "CCellarXML2"]
        ),
        .target(name: "BarmanCatalog", dependencies: ["PostgresWAL", "ObjectStorage", "Decompression"]),
        .target(name: "BarmanRecovery", dependencies: ["PostgresWAL", "ObjectStorage", "BarmanCatalog"]),
        .target(
            name: "BarmanAudit",
            dependencies: ["PostgresWAL", "ObjectStorage", "BarmanCatalog", "BarmanRecovery"]
        ),
        .executableTarget(
            name: "cellarman",
            dependencies: [
                "PostgresWAL", "Decompression", "ObjectStorage", "ObjectStorageS3", "BarmanCatalog", "BarmanRecovery",
                "BarmanAudit", "CCellarProcess", argumentParser,
            ]
        ),

        .systemLibrary(name: "CTestSpawn", path: "Tests/CTestSpawn"),
        .target(
            name: "TestSupport",
            dependencies: ["CTestSpawn", "PostgresWAL", "ObjectStorage", "BarmanCatalog", "BarmanRecovery"],
            path: "Tests/TestSupport"
        ),
        .executableTarget(
            name: "cellarman-fuzz",
            dependencies: [
                "PostgresWAL", "Decompression", "BarmanCatalog", "ObjectStorage", "ObjectStorageS3", argumentParser,
            ],
            path: "Tests/Fuzzer"
        ),
        .testTarget(
            name: "FuzzerTests",
            dependencies: [
                "cellarman-fuzz", "PostgresWAL", "Decompression", "BarmanCatalog", "ObjectStorageS3", "TestSupport",
            ]
        ),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
        .testTarget(name: "PostgresWALTests", dependencies: ["PostgresWAL", "Decompression", "TestSupport"]),
        .testTarget(
            name: "BarmanCatalogTests",
            dependencies: ["BarmanCatalog", "Decompression", "ObjectStorage", "PostgresWAL", "TestSupport"]
        ),
        .testTarget(
            name: "BarmanRecoveryTests",
            dependencies: ["BarmanRecovery", "BarmanCatalog", "ObjectStorage", "PostgresWAL", "TestSupport"]
        ),
        .testTarget(name: "ObjectStorageTests", dependencies: ["ObjectStorage", "TestSupport"]),
        .testTarget(name: "DecompressionTests", dependencies: ["Decompression"]),
        .testTarget(
            name: "ObjectStorageS3Tests",
            dependencies: ["ObjectStorageS3", "ObjectStorage", "Decompression", "TestSupport"]
        ),
        .testTarget(
            name: "BarmanAuditTests",
            dependencies: [
                "BarmanAudit", "BarmanRecovery", "BarmanCatalog", "ObjectStorage", "PostgresWAL", "TestSupport",
            ]
        ),
        .testTarget(
            name: "CellarmanTests",
            dependencies: [
                "cellarman", "BarmanAudit", "BarmanRecovery", "BarmanCatalog", "Decompression", "ObjectStorage",
                "ObjectStorageS3", "PostgresWAL", "TestSupport",
            ]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableExperimentalFeature("Lifetimes"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
