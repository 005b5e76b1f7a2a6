import BarmanCatalog
import BarmanRecovery
import Foundation
import ObjectStorage
import ObjectStorageS3
import TestSupport
import Testing

/// Kills the command itself at every request of a deletion from a real server: what stays has to be whole, and
/// another run has to finish the work.
struct KilledApplyTests {
    /// The moment of a request at which the command is killed, see ``LoopbackServer/mortalMoto(objects:reached:)``.
    enum Moment: String, CaseIterable {
        case before
        case half
        case after
    }

    private static let bench = Result {
        try MortalBuckets(
            ArchiveSketch(
                "1: 06-14 / 2 from 1@10: 10-1A / base A 1: 07 / base B 1: 0A-0B / base C 1: 0E-0F standalone "
                    + "/ base D 2: 13 / base E 2: 18-19"
            )
        )
    }

    /// Every second request of them all, so that two go through them side by side.
    private static let shards = 0..<2

    /// Kills one run after the other at the requests of a shard, until one comes to its end alive.
    private func killAll(_ moment: Moment, _ shard: Int, of buckets: MortalBuckets, suffix: String = "") async throws
        -> Int
    {
        let whole = try await buckets.catalog("never-0")
        let wanted = try await buckets.finished()
        for number in stride(from: 1 + shard, to: 200, by: Self.shards.count) {
            let bucket = "\(moment.rawValue)-\(number)\(suffix)"
            guard try buckets.killApply(of: bucket) else { return number - 1 }
            try await expectWhole(bucket, whole, in: buckets)
            let again = try buckets.apply(bucket)
            #expect(again.status == 0, "\(bucket): \(again.errors)")
            #expect(try await buckets.keys(bucket) == wanted, "\(bucket)")
        }
        Issue.record("no end after 200 requests")
        return 0
    }

    /// Every backup that stays can be restored, and all but the standalone one to where it could before.
    private func expectWhole(_ bucket: String, _ whole: BackupCatalog, in buckets: MortalBuckets) async throws {
        let left = RecoveryAnalysis(of: try await buckets.catalog(bucket))
        let full: Set = [BackupID("D"), BackupID("E")]
        let before = RecoveryAnalysis(of: whole).windows.filter { full.contains($0.backup) }
        #expect(before.count >= 2)
        #expect(left.windows.filter { full.contains($0.backup) } == before, "\(bucket)")
        let kept = left.assessments.filter { full.contains($0.backup.id) || $0.backup.id == BackupID("C") }
        #expect(kept.count == 3 && kept.allSatisfy { $0.isRestorable == true }, "\(bucket)")
    }

    @Test(arguments: Moment.allCases, shards)
    func `killed at any request, what stays is whole, and another run finishes`(
        moment: Moment,
        shard: Int
    ) async throws {
        let requests = try await killAll(moment, shard, of: Self.bench.get())
        // Listings, five backup.info and the keep; two backups of two deletions each, and WAL.
        #expect(requests >= (moment == .before ? 15 : 5))
    }

    @Test(arguments: [Moment.before, .after], shards)
    func `the same at any request where a store takes one at a time`(moment: Moment, shard: Int) async throws {
        let requests = try await killAll(moment, shard, of: Self.bench.get(), suffix: "-singly")
        #expect(requests >= 15)
    }

    @Test
    func `killed between the batches of a thousand, another run finishes`() async throws {
        let buckets = try MortalBuckets(
            ArchiveSketch("size 1 / 1: 02-480 / base A 1: 03-04 / base B 1: 470 / base C 1: 478")
        )
        let wanted = try await buckets.finished()
        #expect(wanted.count < 100)
        // The data and the backup.info of the one backup come first.
        for bucket in ["after-3", "half-4"] {
            #expect(try buckets.killApply(of: bucket))
            let analysis = RecoveryAnalysis(of: try await buckets.catalog(bucket))
            #expect(analysis.windows.map(\.backup) == [BackupID("B"), BackupID("C")])
            #expect(try await buckets.keys(bucket).count > wanted.count)
            #expect(try buckets.apply(bucket).status == 0)
            #expect(try await buckets.keys(bucket) == wanted, "\(bucket)")
        }
    }

    @Test
    func `a backup killed half way is told for what it is, and goes`() async throws {
        let buckets = try MortalBuckets(ArchiveSketch("1: 02-20 / base A 1: 03-04 / base B 1: 08-09 / base C 1: 0C"))
        // The first deletion is that of its data.
        let bucket = "after-1"
        #expect(try buckets.killApply(of: bucket))
        let audit = try buckets.run(["audit", "s3://\(bucket)", "--evidence", "names", "-o", "json"])
        #expect(audit.status == 1)
        let report = try JSONDecoder().decode(Report.self, from: Data(audit.output.utf8))
        let missing = report.servers[0].findings.filter { $0.code == "backup-data-missing" }
        #expect(missing.map(\.backup) == ["A"])
        #expect(report.servers[0].backups.map(\.restorable) == [false, true, true])
        let plan = try buckets.run(["retention", "plan", "s3://\(bucket)", "--policy", "REDUNDANCY 3"])
        #expect(plan.status == 0)
        #expect(plan.output.contains("among the newest 3; cannot be restored (audit says why)"), "\(plan.output)")
        #expect(try buckets.apply(bucket).status == 0)
        #expect(try await !buckets.keys(bucket).contains { "\($0)".contains("/base/A/") })
    }

    private struct Report: Decodable {
        struct Server: Decodable {
            struct Backup: Decodable {
                var id: String
                var restorable: Bool?
            }
            struct Finding: Decodable {
                var code: String
                var backup: String?
            }
            var backups: [Backup]
            var findings: [Finding]
        }
        var servers: [Server]
    }
}
