import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

/// A plan works on runs: its cost does not depend on how many objects they have.
struct PlanSpeedTests {
    /// A timeline of 1,000 runs of 10,000 segments each, with a hole between any two, and a backup in every tenth.
    private func catalog() -> BackupCatalog {
        let size = WALSegmentSize.standard
        let time = { (number: UInt64) in TimestampTZ(rawValue: Int64(number) * 1_000_000) }
        let runs = (0..<1000).map { index in
            let first = UInt64(index) * 10_001
            return WALRun(
                timeline: 1,
                segments: first...first + 9_999,
                bytes: 10_000,
                firstModified: time(first),
                lastModified: time(first + 9_999)
            )
        }
        let backups = stride(from: 0, to: 1000, by: 10).map { index in
            let begin = size.start(of: runs[index].segments.lowerBound + 3).rawValue
            var details = BackupInfo()
            details.status = .done
            details.timeline = 1
            details.beginLSN = LSN(rawValue: begin + 40)
            details.endLSN = LSN(rawValue: begin + 400)
            details.beginWAL = WALSegmentName(timeline: 1, number: runs[index].segments.lowerBound + 3, size: size)
            details.endWAL = details.beginWAL
            details.endTime = runs[index].firstModified
            let id = BackupID("\(1000 + index)")
            var backup = BaseBackup(id: id, info: .read(details), lastModified: runs[index].firstModified)
            backup.tars = [BackupTar(): 1]
            return backup
        }
        return BackupCatalog(name: "busy", backups: backups, wal: WALInventory(runs: runs, segmentSize: size))
    }

    @Test(arguments: RetentionPlan.Semantics.allCases)
    func `ten million segments in a thousand runs take less than a second`(semantics: RetentionPlan.Semantics) throws {
        let catalog = catalog()
        let now = TimestampTZ(rawValue: 10_001_000 * 1_000_000)
        let clock = ContinuousClock()
        var plan: RetentionPlan?
        let duration = clock.measure {
            plan = RetentionPlan(for: catalog, under: .redundancy(50), at: now, semantics: semantics)
        }
        let made = try #require(plan)
        #expect(made.refusals == [])
        // exact leaves the three segments that are older than all backups.
        #expect(made.wal.delete.reduce(0) { $0 + $1.count } == (semantics == .exact ? 5_000_000 : 5_000_003))
        // A debug build on a busy machine: far from what a pass over the segments would take.
        #expect(duration < .seconds(5))
    }
}
