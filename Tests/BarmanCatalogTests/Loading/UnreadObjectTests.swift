import BarmanCatalog
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// What a store lists and does not hand out is neither absent nor damaged.
struct UnreadObjectTests {
    private static let keys = [
        "srv/base/A/annotations/keep", "srv/base/B/backup.info", "srv/base/B/data.tar", "srv/wals/00000002.history",
        "srv/wals/0000000100000000/000000010000000000000001",
    ]

    private func server(isDegraded: Bool) async throws -> BackupCatalog {
        let objects = Self.keys.map { (ObjectKey($0), MemoryObjectStore.Object([])) }
        let listed = MemoryObjectStore(Dictionary(uniqueKeysWithValues: objects))
        let catalog = try await CatalogLoader(store: EmptiedStore(listed: listed, isDegraded: isDegraded))
            .load(ArchiveLocation(destinationPath: "s3://b"))
        return try #require(catalog.servers.first)
    }

    @Test
    func `what is deleted between listing and reading is gone`() async throws {
        let server = try await server(isDegraded: false)
        #expect(server.backups.map(\.id) == [BackupID("B")])
        #expect(server.backups.map(\.info) == [.missing])
        #expect(server.histories.isEmpty)
        #expect(server.orphanAnnotations.isEmpty)
        #expect(server.unread.isEmpty)
        #expect(server.gone.map(\.description) == [Self.keys[0], Self.keys[1], Self.keys[3]])
    }

    @Test
    func `what is listed again and again and never found is not read`() async throws {
        let server = try await server(isDegraded: true)
        let reason = "it is listed, and the store says that there is no such object"
        #expect(server.backups.map(\.info) == [.refused(reason)])
        #expect(server.histories == [2: .refused(reason)])
        #expect(server.gone.isEmpty)
        #expect(server.unread.map(\.role) == [.annotation(BackupID("A")), .info(BackupID("B")), .history(2)])
        #expect(server.unread.allSatisfy { $0.reason == reason })
    }
}
