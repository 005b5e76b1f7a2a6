import BarmanCatalog
import ObjectStorage
import Synchronization
import TestSupport
import Testing

/// What a deletion does when something is not as it was, or does not work.
struct ArchivePrunerTests {
    private static let sketch = "1: 01-06 / base A 1: 02 / base B 1: 04"

    /// A drawn archive of which backup A and the WAL before B are chosen.
    private struct Bench {
        let store: MemoryObjectStore
        let catalog: BackupCatalog

        init() async throws {
            store = try ArchiveSketch(ArchivePrunerTests.sketch).store()
            catalog = try #require(
                try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: "s3://memory/")).servers
                    .first
            )
        }

        func turn(_ entry: ArchiveEntry) -> DeletionTurn? {
            switch entry.subject {
            case .backup(let id, let part) where id == BackupID("A"):
                DeletionTurn(backup: id, phase: part == .info ? .info : .data)
            case .wal where "\(entry.key)" < "sketch/wals/0000000100000000/000000010000000000000004":
                DeletionTurn(backup: nil, phase: .data)
            default: nil
            }
        }

        var count: Int {
            get async throws { try await store.list(ListRequest(prefix: "")).count }
        }
    }

    @Test
    func `what was chosen has to be what is there`() async throws {
        let bench = try await Bench()
        let before = try await bench.count
        var chosen = ObjectTotal()
        for number in 0..<5 {
            chosen.add(
                ObjectSummary(key: ObjectKey("\(number)"), size: number == 0 ? Int64(4 << 20) + 1 : 0, lastModified: 0)
            )
        }
        let error = await #expect(throws: ChoiceChanged.self) {
            try await ArchivePruner(store: bench.store).prune(bench.catalog, expecting: chosen, choosing: bench.turn)
        }
        #expect(error?.planned == chosen && error?.listed.objects == 5)
        #expect(
            "\(try #require(error))".hasPrefix(
                "the archive has changed: 5 objects of 4194305 bytes were to be deleted, and now it would be 5 of "
            )
        )
        #expect(try await bench.count == before)
        let listed = try #require(error).listed
        bench.store.put("sketch/base/A/annotations/keep", .init(Array("full".utf8)))
        await #expect(throws: ChoiceChanged.self) {
            try await ArchivePruner(store: bench.store).prune(bench.catalog, expecting: listed, choosing: bench.turn)
        }
        bench.store.remove("sketch/base/A/annotations/keep")
        let tally = try await ArchivePruner(store: bench.store)
            .prune(bench.catalog, expecting: listed, choosing: bench.turn)
        #expect(tally.deleted == 5 && tally.remaining == 0)
    }

    @Test
    func `a backup of which something stays keeps its backup.info, and WAL is left alone`() async throws {
        let bench = try await Bench()
        let events = Mutex<[String]>([])
        let pruner = ArchivePruner(
            store: StubbornStore(bench.store, keeping: "sketch/base/A/data.tar.gz"),
            asking: { object in events.withLock { $0.append("ask \(object.key)") } },
            report: { event in events.withLock { $0.append("\(event.object.key)") } }
        )
        let tally = try await pruner.prune(bench.catalog, choosing: bench.turn)
        #expect(tally.deleted == 0 && tally.failed == 2 && tally.leftWAL && tally.remaining == 5)
        #expect(
            tally.failures.map { "\($0.object.key)" } == ["sketch/base/A/data.tar.gz", "sketch/base/A/backup.info"]
        )
        #expect(
            events.withLock { $0 } == [
                "ask sketch/base/A/data.tar.gz", "sketch/base/A/data.tar.gz", "sketch/base/A/backup.info",
            ]
        )
    }

    private struct Full: Error {}

    @Test
    func `where nothing can be written down nothing is deleted`() async throws {
        let bench = try await Bench()
        let before = try await bench.count
        await #expect(throws: Full.self) {
            try await ArchivePruner(store: bench.store, asking: { _ in throw Full() })
                .prune(bench.catalog, choosing: bench.turn)
        }
        #expect(try await bench.count == before)
        // What the first request has deleted is told to its end, and no second one follows.
        let told = Atomic<Int>(0)
        await #expect(throws: Full.self) {
            try await ArchivePruner(
                store: bench.store,
                report: { _ in
                    told.wrappingAdd(1, ordering: .relaxed)
                    throw Full()
                }
            ).prune(bench.catalog, choosing: bench.turn)
        }
        #expect(told.load(ordering: .relaxed) == 1)
        #expect(try await bench.count == before - 1)
    }
}

/// A store that will not delete one key.
private struct StubbornStore: DeletableObjectStore {
    private let base: MemoryObjectStore
    private let key: ObjectKey

    init(_ base: MemoryObjectStore, keeping key: ObjectKey) {
        self.base = base
        self.key = key
    }

    var name: String { base.name }
    var statistics: RequestStatistics { base.statistics }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage { try await base.list(request) }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        try await base.get(key, range: range, limit: limit)
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary { try await base.head(key) }

    func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        let outcomes = try await base.delete(keys.filter { $0 != key })
        guard let index = keys.firstIndex(of: key) else { return outcomes }
        var all = outcomes
        all.insert(.failed(ObjectStoreError(.accessDenied, "locked")), at: index)
        return all
    }
}
