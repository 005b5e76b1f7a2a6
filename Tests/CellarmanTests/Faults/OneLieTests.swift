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
            let suffix = rest == 0 ? " failed" : rest == 1 ? " standalone" : rest == 2 ? " full" : ""
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
            guard var objects = try? ArchiveSketch(sketch).objects else { continue }
            if random.below(4) == 0 {
                // A volume snapshot.
                let name = "00000001000000000000000\(1 + random.below(9))"
                objects[ObjectKey("sketch/wals/0000000100000000/\(name).00000060.backup")] = .init(
                    Array("LABEL: snapshot\n".utf8)
                )
            }
            var options = ["--policy", "REDUNDANCY \(1 + random.below(2))"]
            if random.below(3) == 0 { options += ["--include", "failed,orphans"] }
            let honest = try Honest(objects, options)
            let bench = try LiarBench(objects)
            let lie = OneLie(objects.keys.sorted(), requests: honest.requests, &random)
            let changes = OneLie.Changes()
            lie.tell(bench, changes: changes)
            let run = try Self.run(bench, options)
            statuses[run.status, default: 0] += 1
            let told = "seed \(seed) of \(task), \(sketch), \(options): \(lie); \(run.status), \(run.errors)"

            let left = bench.keys
            let deleted = Set(objects.keys).subtracting(left).subtracting(changes.removed)
            #expect([0, 2, 5].contains(run.status), "\(told)")
            if run.status == 5 { #expect(deleted.isEmpty, "\(told)") }
            // What the lie has changed may have been there before the first look: then another plan is the right one.
            var changed = objects.filter { !changes.removed.contains($0.key) }
            for key in changes.added { changed[key] = bench.bucket.contents[key] }
            let others = changes.isEmpty ? [] : [try Honest(changed, options)]
            var isRight = false
            for plan in [honest] + others where deleted.isSubset(of: plan.deleted) {
                // One that a lie annotates, or takes the annotation of, after the last look is wanted otherwise too late.
                let kept = plan.kept.subtracting(lie.annotated)
                let before = try await Self.windows(changed, of: kept)
                let after = try await Self.windows(bench.bucket.contents, of: kept)
                isRight = isRight || Set(before) == Set(after)
            }
            #expect(isRight, "deleted \(deleted): \(told)")
            // A first listing that lacks something is planned on as it is, and less may go.
            if run.status == 0, changes.isEmpty, ![.shortListing, .omission].contains(lie.kind) {
                #expect(honest.status == 0 && deleted == honest.deleted, "\(told)")
            }
            if lie.kind == .stale, changed.keys.contains("sketch/base/A/backup.info") {
                #expect(left.contains("sketch/base/A/backup.info"), "\(told)")
            }
            // A store that takes what stays must not be told of as done.
            if lie.kind == .greedyDeletion, !honest.deleted.contains(lie.key), !honest.deleted.isEmpty {
                #expect(run.status == 2, "\(told)")
            }
        }
        // Lies of all kinds came, and some were harmless.
        #expect(statuses[0, default: 0] > 0 && statuses[5, default: 0] > 0)
    }

    /// What the command does on an honest store.
    private struct Honest {
        let status: Int32
        let requests: Int
        let deleted: Set<ObjectKey>
        let kept: Set<BackupID>

        init(_ objects: [ObjectKey: MemoryObjectStore.Object], _ options: [String]) throws {
            let bench = try LiarBench(objects)
            status = try OneLieTests.run(bench, options).status
            requests = bench.server.questions.count
            deleted = Set(objects.keys).subtracting(bench.keys)
            let infos = bench.keys.filter { "\($0)".hasSuffix("/backup.info") }
            kept = Set(infos.map { BackupID(String("\($0)".split(separator: "/")[2])) })
        }
    }
}
