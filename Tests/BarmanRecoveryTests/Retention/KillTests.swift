import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import Synchronization
import TestSupport
import Testing

/// Ends a deletion at every request in turn: what stays has to be whole, and a second run has to finish the work.
struct KillTests {
    private static let sketch =
        "1: 02-20 / 2 from 1@12: 12-30 / base A 1: 03-04 / base B 1: 08-09 / base C 1: 10-11 standalone "
        + "/ base D 2: 18-19 / base E 2: 28-29"

    private static let policy = RetentionPolicy.redundancy(2)

    private func catalog(_ store: any ObjectStore) async throws -> BackupCatalog {
        let found = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: "s3://memory/"))
        return try #require(found.servers.first)
    }

    private func plan(_ catalog: BackupCatalog) -> RetentionPlan {
        RetentionPlan(for: catalog, under: Self.policy, at: ArchiveSketch.time(of: 1000))
    }

    private func windows(of backups: Set<BackupID>, _ catalog: BackupCatalog) -> [RecoveryWindow] {
        RecoveryAnalysis(of: catalog).windows.filter { backups.contains($0.backup) }
    }

    private func apply(_ plan: RetentionPlan, to catalog: BackupCatalog, _ store: any DeletableObjectStore) async throws
        -> ArchivePruner.Tally
    {
        try await ArchivePruner(store: store).prune(catalog) { plan.deletion(of: $0)?.turn }
    }

    private func keys(_ store: MemoryObjectStore) async throws -> [ObjectKey] {
        var keys: [ObjectKey] = []
        var listing = ObjectListing(of: store, ListRequest(prefix: ""))
        while let page = try await listing.nextPage() { keys += page.indices.map { page.summary(at: $0).key } }
        return keys
    }

    @Test
    func `an apply deletes what the plan says and nothing else`() async throws {
        let store = try ArchiveSketch(Self.sketch).store()
        let catalog = try await catalog(store)
        let plan = plan(catalog)
        #expect(!plan.isRefused)
        var planned: Set<ObjectKey> = []
        _ = try await EntryListing(of: catalog, in: store).forEach { entry, object in
            if plan.deletion(of: entry) != nil { planned.insert(object.key) }
        }
        let before = Set(try await keys(store))
        let tally = try await apply(plan, to: catalog, store)
        #expect(tally.deleted == planned.count)
        #expect(tally.remaining == 0)
        #expect(Set(try await keys(store)) == before.subtracting(planned))
        #expect(planned.count > 10)
    }

    @Test
    func `killed at any request, what stays is whole, and a second run finishes`() async throws {
        let finished = try ArchiveSketch(Self.sketch).store()
        let whole = try await catalog(finished)
        let plan = plan(whole)
        let kept = Set(plan.decisions.filter { $0.action == .keep }.map(\.backup))
        _ = try await apply(plan, to: whole, finished)
        let wanted = try await keys(finished)

        var requests = 0
        while true {
            let store = try ArchiveSketch(Self.sketch).store()
            let mortal = MortalStore(store, requests: requests)
            let isFinished = (try? await apply(plan, to: whole, mortal)) != nil
            let left = try await catalog(store)
            // Standalone ones keep what makes them consistent.
            let standalone = Set(left.backups.filter { $0.keep == .standalone }.map(\.id))
            let full = kept.subtracting(standalone)
            #expect(windows(of: full, left) == windows(of: full, whole), "killed at request \(requests)")
            #expect(
                RecoveryAnalysis(of: left).assessments.filter { kept.contains($0.backup.id) }
                    .allSatisfy { $0.isRestorable == true },
                "killed at request \(requests)"
            )
            let again = self.plan(left)
            #expect(!again.isRefused, "killed at request \(requests): \(again.refusals)")
            _ = try await apply(again, to: left, store)
            #expect(try await keys(store) == wanted, "killed at request \(requests)")
            if isFinished { break }
            requests += 1
        }
        #expect(requests > 6)
    }
}

/// A store that answers so many requests and no more; of a deletion that it dies in, half of the keys are gone.
private final class MortalStore: DeletableObjectStore {
    private let base: MemoryObjectStore
    private let left: Mutex<Int>

    init(_ base: MemoryObjectStore, requests: Int) {
        self.base = base
        left = Mutex(requests)
    }

    var name: String { base.name }
    var statistics: RequestStatistics { base.statistics }

    private func live() throws(ObjectStoreError) {
        let isAlive = left.withLock { left in
            left -= 1
            return left >= 0
        }
        guard isAlive else { throw ObjectStoreError(.cancelled, "killed") }
    }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        try live()
        return try await base.list(request)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        try live()
        return try await base.get(key, range: range, limit: limit)
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        try live()
        return try await base.head(key)
    }

    func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        do {
            try live()
        } catch {
            _ = try await base.delete(Array(keys.prefix(keys.count / 2)))
            throw error
        }
        return try await base.delete(keys)
    }
}
