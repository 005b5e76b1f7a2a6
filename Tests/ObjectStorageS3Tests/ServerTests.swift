import Foundation
import ObjectStorage
import ObjectStorageS3
import TestSupport
import Testing

/// The contract, against servers that check every signature.
struct ServerTests {
    @Test(arguments: ObjectStoreSuite.checks(), Servers.Scheme.allCases)
    func `moto keeps the contract`(check: ObjectStoreSuite.Check, scheme: Servers.Scheme) async throws {
        let store = try S3ObjectStore(Servers.configuration(of: Servers.moto(scheme), scheme))
        try await check.run(against: store)
    }

    @Test(arguments: ObjectStoreSuite.checks(Servers.rcloneCan), Servers.Scheme.allCases)
    func `rclone keeps the contract as far as it can`(
        check: ObjectStoreSuite.Check,
        scheme: Servers.Scheme
    ) async throws {
        let store = try S3ObjectStore(Servers.configuration(of: Servers.rclone(scheme), scheme))
        try await check.run(against: store, Servers.rcloneCan)
    }

    @Test(arguments: ObjectStoreSuite.deletionChecks())
    func `moto keeps the contract of deleting`(check: ObjectStoreSuite.DeletionCheck) async throws {
        try await check.run(against: S3ObjectStore(Servers.configuration(of: Servers.deletableMoto.get())))
    }

    @Test(arguments: ObjectStoreSuite.deletionChecks(Servers.rcloneCan))
    func `rclone keeps the contract of deleting`(check: ObjectStoreSuite.DeletionCheck) async throws {
        try await check.run(against: S3ObjectStore(Servers.configuration(of: Servers.deletableRclone.get())))
    }

    @Test
    func `a bucket that keeps versions only hides`() async throws {
        let keys: [ObjectKey] = ["a", "b\u{1}", "c"]
        let objects = Dictionary(uniqueKeysWithValues: keys.map { ($0, $0.bytes) })
        let server = try LoopbackServer.moto(bucket: "backups", objects: objects, isVersioned: true)
        let store = try S3ObjectStore(Servers.configuration(of: server))
        // One goes in XML, the other alone.
        #expect(try await store.delete(["a", "b\u{1}"]) == [.hidden, .hidden])
        #expect(try await store.list(ListRequest(prefix: "")).count == 1)
    }

    @Test
    func `deletes over TLS`() async throws {
        let server = try LoopbackServer.moto(
            bucket: "backups",
            objects: ["a": [], "b": []],
            certificate: PrivateCertificates.shared().good
        )
        let store = try S3ObjectStore(Servers.configuration(of: server, .https))
        #expect(try await store.delete(["a", "nothing"]) == [.deleted, .deleted])
        #expect(try await store.list(ListRequest(prefix: "")).count == 1)
    }

    @Test
    func `a virtual host names the bucket`() async throws {
        // moto takes the first label of the host for the bucket; libcurl resolves every name below localhost.
        var configuration = try Servers.configuration(of: Servers.moto(.http), .http)
        configuration.endpoint = try Servers.moto(.http).endpoint(host: "localhost")
        configuration.addressing = .virtual
        let found = try await S3ObjectStore(configuration).get("tree/b", limit: 100)
        #expect(found == Array("tree/b".utf8))
    }

    @Test
    func `keeps its connections`() async throws {
        let log = try TemporaryFolder.make().appending(path: "log.json")
        let server = try LoopbackServer.answers([.emptyListing], log: log)
        let store = try S3ObjectStore(Servers.configuration(of: server))
        for _ in 0..<20 { _ = try await store.list(ListRequest(prefix: "")) }
        // On a machine that starves the test, one may be idle for so long that it is dropped.
        #expect(Set(try LoopbackServer.questions(in: log).map(\.port)).count < 10)
    }
}
