import Foundation
import ObjectStorage
import ObjectStorageS3
import TestSupport
import Testing

/// The contract, against servers that check every signature.
struct ServerTests {
    enum Scheme: String, CaseIterable, Sendable {
        case http
        case https
    }

    // rclone serves a file system, which has no empty names, and no file that is a directory too.
    private static let rcloneCan: ObjectStoreSuite.Abilities = .all.subtracting(.anyKey)

    private static let directory = Result {
        try TemporaryFolder.make("backups", holding: ObjectStoreSuite.objects(rcloneCan))
    }

    private static let moto: [Scheme: Result<LoopbackServer, any Error>] = servers { certificate in
        try .moto(bucket: "backups", objects: ObjectStoreSuite.objects(), certificate: certificate)
    }

    private static let rclone: [Scheme: Result<LoopbackServer, any Error>] = servers { certificate in
        try .rclone(directory: directory.get(), certificate: certificate)
    }

    private static func servers(
        _ start: (URL?) throws -> LoopbackServer
    ) -> [Scheme: Result<LoopbackServer, any Error>] {
        [.http: Result { try start(nil) }, .https: Result { try start(PrivateCertificates.shared().good) }]
    }

    static func store(
        _ server: LoopbackServer,
        _ scheme: Scheme,
        change: (inout S3Configuration) -> Void = { _ in }
    ) throws -> S3ObjectStore {
        let keys = try #require(server.keys)
        let credentials = S3Credentials(accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey)
        var configuration = S3Configuration(
            bucket: "backups",
            endpoint: server.endpoint(scheme: scheme.rawValue),
            credentials: credentials
        )
        if scheme == .https { configuration.caFile = try PrivateCertificates.shared().authority.path() }
        change(&configuration)
        return try S3ObjectStore(configuration)
    }

    @Test(arguments: ObjectStoreSuite.checks(), Scheme.allCases)
    func `moto keeps the contract`(check: ObjectStoreSuite.Check, scheme: Scheme) async throws {
        let server = try #require(try Self.moto[scheme]?.get())
        try await check.run(against: Self.store(server, scheme))
    }

    @Test(arguments: ObjectStoreSuite.checks(rcloneCan), Scheme.allCases)
    func `rclone keeps the contract as far as it can`(check: ObjectStoreSuite.Check, scheme: Scheme) async throws {
        let server = try #require(try Self.rclone[scheme]?.get())
        try await check.run(against: Self.store(server, scheme), Self.rcloneCan)
    }
}
