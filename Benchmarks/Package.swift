// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "cellarman-benchmarks",
    dependencies: [
        .package(name: "cellarman", path: ".."),
        // Without its traits: they count allocations, by way of packages that nothing else needs.
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .target(
            name: "SegmentFiles",
            dependencies: [
                .product(name: "PostgresWAL", package: "cellarman"),
                .product(name: "Decompression", package: "cellarman"),
            ]
        ),
        .executableTarget(
            name: "PostgresWALBenchmarks",
            dependencies: [
                "SegmentFiles",
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/PostgresWALBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(
            name: "ScanBenchmarks",
            dependencies: [
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "PostgresWAL", package: "cellarman"),
                .product(name: "ObjectStorage", package: "cellarman"),
                .product(name: "ObjectStorageS3", package: "cellarman"),
                .product(name: "BarmanCatalog", package: "cellarman"),
                .product(name: "BarmanRecovery", package: "cellarman"),
            ],
            path: "Benchmarks/ScanBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(name: "read-wal", dependencies: ["SegmentFiles"]),
        .executableTarget(name: "inflate-alone", linkerSettings: [.linkedLibrary("z")]),
    ]
)

for target in package.targets where target.type != .plugin {
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
