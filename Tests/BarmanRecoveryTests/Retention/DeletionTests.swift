import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// Which keys of a bucket go, in which order.
struct DeletionTests {
    /// The keys that go, in the order of their turns, without the server's directory.
    private func gone(
        _ sketch: String,
        adding keys: [String] = [],
        removing removed: [String] = [],
        including inclusions: RetentionPlan.Inclusions = [],
        semantics: RetentionPlan.Semantics = .exact
    ) async throws -> [String] {
        let store = try ArchiveSketch(sketch).store()
        for key in keys { store.put(ObjectKey("sketch/\(key)"), .init(Array("full".utf8))) }
        for key in removed { store.remove(ObjectKey("sketch/\(key)")) }
        let location = try ArchiveLocation(destinationPath: "s3://bucket")
        let catalog = try #require(try await CatalogLoader(store: store).load(location).servers.first)
        let now = ArchiveSketch.midnight.adding(microseconds: 10 * 86_400_000_000)
        let plan = RetentionPlan(
            for: catalog,
            under: .redundancy(1),
            at: now,
            semantics: semantics,
            including: inclusions
        )
        #expect(plan.refusals == [])
        let reader = ArchiveEntryReader(of: catalog)
        let page = try await store.list(ListRequest(prefix: ""))
        let deletions = page.indices.compactMap { index -> (Deletion, String)? in
            let key = page.summary(at: index).key
            return reader.entry(for: key).flatMap(plan.deletion).map { ($0, "\(key)") }
        }
        for index in page.indices {
            guard let entry = reader.entry(for: page.summary(at: index).key), plan.protects(entry) else { continue }
            #expect(plan.deletion(of: entry) == nil, "\(entry.key)")
        }
        return deletions.sorted { $0.0.turn < $1.0.turn }.map { String($0.1.dropFirst("sketch/".count)) }
    }

    private static let two = "1: 01-04 / base A 1: 02 / base B 1: 03"
    private static let wal = "wals/0000000100000000/0000000100000000000000"

    @Test
    func `data goes before backup.info, and the oldest of these after the WAL`() async throws {
        let keys = try await gone(Self.two, including: .orphans)
        #expect(keys == ["base/A/data.tar.gz", Self.wal + "01.gz", Self.wal + "02.gz", "base/A/backup.info"])
    }

    @Test
    func `WAL that is older than all backups stays unless it was asked for`() async throws {
        let keys = try await gone(Self.two)
        #expect(keys == ["base/A/data.tar.gz", Self.wal + "02.gz", "base/A/backup.info"])
    }

    @Test
    func `older backups go first`() async throws {
        let keys = try await gone(Self.two + " / base C 1: 04")
        #expect(keys.prefix(3) == ["base/A/data.tar.gz", "base/B/data.tar.gz", "base/B/backup.info"])
        #expect(keys.last == "base/A/backup.info")
    }

    @Test
    func `tars of any kind go, what Barman does not write stays`() async throws {
        let more = ["base/A/16387_0001.tar.zst", "base/A/data_x.tar.gz", "base/A/notes", "base/A/backup_label"]
        let keys = try await gone(Self.two, adding: more)
        #expect(
            keys.filter { $0.hasPrefix("base/") } == [
                "base/A/16387_0001.tar.zst", "base/A/backup_label", "base/A/data.tar.gz", "base/A/backup.info",
            ]
        )
    }

    @Test
    func `files around a segment go with it, histories stay`() async throws {
        let more = [
            Self.wal + "02.00000028.backup.gz", Self.wal + "02.partial", Self.wal + "03.00000028.backup.gz",
            Self.wal + "03.partial", "wals/sub/000000010000000000000002", "wals/00000001.history",
            "wals/00000007.history.gz", "wals/0000000100000000/notes", "wals/0000000700000000/000000070000000000000001",
            "wals/0000000100000000/0000000100000000FFFFFF02",
        ]
        let keys = try await gone(Self.two, adding: more, including: .orphans)
        #expect(
            keys.filter { $0.hasPrefix("wals/") } == [
                Self.wal + "01.gz", Self.wal + "02.00000028.backup.gz", Self.wal + "02.gz", Self.wal + "02.partial",
                "wals/sub/000000010000000000000002",
            ]
        )
    }

    @Test
    func `what no store would be asked to delete stays`() async throws {
        let odd = [
            "wals/./000000010000000000000002", "base/A/../data.tar",
            "wals/0000000100000000/../\(Self.wal.suffix(22))01.gz",
        ]
        let keys = try await gone(Self.two, adding: odd, including: .orphans)
        #expect(keys == ["base/A/data.tar.gz", Self.wal + "01.gz", Self.wal + "02.gz", "base/A/backup.info"])
    }

    @Test
    func `annotations without a backup go when told to`() async throws {
        let keep = "base/0/annotations/keep"
        #expect(try await !gone(Self.two, adding: [keep]).contains(keep))
        #expect(try await gone(Self.two, adding: [keep], including: .orphans).dropLast().last == keep)
    }

    @Test
    func `a failed backup goes with its tars`() async throws {
        let sketch = "1: 01-04 / base A 1: 01 failed / base B 1: 01"
        let keys = try await gone(sketch, including: .failed)
        #expect(keys == ["base/A/data.tar.gz", "base/A/backup.info"])
    }

    @Test
    func `Barman leaves all but its own tars, and takes the last of several`() async throws {
        let more = [
            "base/A/data.tar.bz2", "base/A/16387.tar.gz", "base/A/data_x.tar.gz", "base/A/backup_label", "base/A/notes",
            Self.wal + "02.lz4",
        ]
        let keys = try await gone(Self.two, adding: more, semantics: .barman)
        #expect(
            keys == [
                "base/A/data.tar.gz", "base/A/data_x.tar.gz", "base/A/backup.info", Self.wal + "01.gz",
                Self.wal + "02.lz4",
            ]
        )
    }
}
