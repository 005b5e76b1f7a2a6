import BarmanCatalog
import BarmanRecovery
import Foundation
import ObjectStorage
import TestSupport
import Testing

/// Random archives, and one lie of the store at one request of `retention apply`: 10,000 of them, some hundred in a sample.
///
/// Whatever the lie, nothing goes that the plan of an honest store would leave, every backup that stays keeps what it needs,
/// and where the command says that it is done the deletion is what it said.
struct OneLieTests {
    /// An archive in which a policy finds something to delete.
    private static func sketch(_ random: inout SplitMix) -> String {
        let fork = 6 + random.below(10)
        let hole = 2 + random.below(16)
        let hex = { (number: Int) in String(number, radix: 16, uppercase: true) }
        var text = "1: 01-\(hex(hole)), \(hex(hole + 1 + random.below(2)))-14"
        if random.below(2) == 0 { text += " / 2 from 1@\(hex(fork)): \(hex(fork))-18" }
        var begin = 1
        for name in ["A", "B", "C", "D"].prefix(2 + random.below(3)) {
            begin += 1 + random.below(4)
            let rest = random.below(8)
            let suffix = rest == 0 ? " failed" : rest == 1 ? " standalone" : ""
            text += " / base \(name) 1: \(hex(begin))\(suffix)"
        }
        return text
    }

    private static func run(_ bench: LiarBench, _ options: [String]) throws -> CommandRun {
        try bench.run(["retention", "apply", "--yes", "-o", "json"] + options)
    }

    /// The windows of the backups that a plan leaves, where only these objects are there.
    private static func windows(
        _ objects: [ObjectKey: MemoryObjectStore.Object],
        of kept: Set<BackupID>
    ) async throws -> [RecoveryWindow] {
        let location = try ArchiveLocation(destinationPath: "s3://b")
        guard !objects.isEmpty else { return [] }
        let servers = try await CatalogLoader(store: MemoryObjectStore(objects)).load(location).servers
        return servers.flatMap { server in
            // One that is kept for itself alone has to reach its own end, and no more.
            let alone = Set(server.backups.filter { $0.keep == .standalone }.map(\.id))
            return RecoveryAnalysis(of: server).windows.filter { kept.contains($0.backup) }.map { window in
                guard alone.contains(window.backup) else { return window }
                var window = window
                (window.to, window.ending) = (window.from, .standalone)
                return window
            }
        }
    }

    @Test(.tags(.long), arguments: 0..<UInt64(4))
    func `no lie takes anything that is needed`(task: UInt64) async throws {
        var statuses: [Int32: Int] = [:]
        for seed in Sample.seeds(30, of: 2500) {
            var random = SplitMix(seed: seed * 4 + task)
            let sketch = Self.sketch(&random)
            guard let objects = try? ArchiveSketch(sketch).objects else { continue }
            var options = ["--policy", "REDUNDANCY \(1 + random.below(2))"]
            if random.below(3) == 0 { options += ["--include", "failed,orphans"] }
            let honest = try LiarBench(objects)
            let wanted = try Self.run(honest, options)
            let allowed = Set(objects.keys).subtracting(honest.keys)
            let bench = try LiarBench(objects)
            let requests = honest.server.questions.count
            let lie = OneLie(objects.keys.sorted(), requests: requests, &random)
            let changes = OneLie.Changes()
            lie.tell(bench, changes: changes)
            let run = try Self.run(bench, options)
            statuses[run.status, default: 0] += 1
            let told = "seed \(seed) of \(task), \(sketch), \(options): \(lie); \(run.status), \(run.errors)"

            let left = bench.keys
            let deleted = Set(objects.keys).subtracting(left).subtracting(changes.removed)
            #expect([0, 2, 5].contains(run.status), "\(told)")
            #expect(deleted.isSubset(of: allowed), "deleted \(deleted.subtracting(allowed)): \(told)")
            if run.status == 5 { #expect(deleted.isEmpty, "\(told)") }
            // Where the lie changes the archive before the first look, another plan is the right one.
            if run.status == 0, changes.removed.isEmpty, changes.added.isEmpty {
                #expect(wanted.status == 0 && deleted == allowed, "\(told)")
            }
            if lie.kind == .stale, allowed.contains("sketch/base/A/backup.info") {
                #expect(left.contains("sketch/base/A/backup.info"), "\(told)")
            }
            // A store that takes what stays must not be told of as done.
            if lie.kind == .greedyDeletion, !allowed.contains(lie.key), !allowed.isEmpty {
                #expect(run.status == 2, "\(told)")
            }
            var kept = Set(try await Self.windows(honest.bucket.contents, of: Set(Self.ids)).map(\.backup))
            // An annotation that comes after the last look wants more to stay than was asked for.
            if lie.kind == .appears { kept.remove(BackupID("A")) }
            let without = objects.filter { !changes.removed.contains($0.key) }
            let before = try await Self.windows(Self.with(changes, without, bench), of: kept)
            let after = try await Self.windows(bench.bucket.contents, of: kept)
            #expect(Set(before) == Set(after), "\(told)")
        }
        // Lies of all kinds came, and some were harmless.
        #expect(statuses[0, default: 0] > 0 && statuses[5, default: 0] > 0)
    }

    private static var ids: [BackupID] {
        ["A", "B", "C", "D"].map { BackupID($0) }
    }

    /// The objects as the lie alone would have left them.
    private static func with(
        _ changes: OneLie.Changes,
        _ objects: [ObjectKey: MemoryObjectStore.Object],
        _ bench: LiarBench
    ) -> [ObjectKey: MemoryObjectStore.Object] {
        var objects = objects
        for key in changes.added { objects[key] = bench.bucket.contents[key] }
        return objects
    }
}
