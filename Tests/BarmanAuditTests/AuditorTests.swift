import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

/// What the auditor says of archives drawn in a line.
struct AuditorTests {
    // A day behind everything that a sketch stores.
    private static let nextDay = ArchiveSketch.midnight.adding(microseconds: 2 * 86_400 * 1_000_000)

    private func report(_ sketch: String, now: TimestampTZ = nextDay) throws -> ServerReport {
        Auditor(AuditOptions(now: now)).audit(try ArchiveSketch(sketch).catalog)
    }

    private func codes(_ sketch: String, now: TimestampTZ = nextDay) throws -> [String] {
        try report(sketch, now: now).findings.filter { $0.severity > .info }.map(\.code.rawValue)
    }

    @Test(arguments: [
        ("1: 02-09 / base A 1: 03-04", []),
        ("1: 02-05, 08-09 / base A 1: 03-04", ["wal-gap"]),
        ("1: 02-03, 05-09 / base A 1: 03-04", ["wal-gap-in-backup", "wal-gap"]),
        // A backup that begins before its timeline did.
        ("1: 02-09 / 2 from 1@07: 07-0C / base A 2: 05-06", ["backup-not-on-timeline"]),
        // A backup over a promotion whose history file is gone.
        (
            "1: 02-06 / 2 from 1@07: 07-0C / base A 1: 06-2:08 / missing history 2",
            ["backup-not-on-timeline", "history-missing"]
        ),
        // latest stops before a number without a history file, though nothing else is left of that timeline.
        ("1: 02-06 / 2 from 1@07: / 3 from 1@07: 07-0C / base A 1: 03-04 / missing history 2", ["history-missing"]),
        // The fork proves that there was WAL up to it.
        ("1: 02-06 / 2 from 1@09: / base A 1: 03-04", ["wal-gap", "timeline-without-wal"]),
        // Retention makes no hole behind a standalone backup with nothing to keep behind it.
        ("1: 02-04, 07-09 / base A 1: 03-04 standalone", ["wal-gap"]),
        ("1: 02-04, 07-09 / base A 1: 03-04 standalone / base B 1: 07-08", []),
        // The newest backup is the one that CloudNativePG restores.
        ("1: 02-0C / 2 from 1@07: 07-0C / base A 1: 03-04 / base B 1: 09-0A", ["latest-not-reachable"]),
        ("1: 02-09 / base A 1: 03-04 failed", ["no-backup", "backup-failed"]),
        ("1: / base A 1: 03-04", ["no-wal", "wal-gap-in-backup"]),
    ])
    func `says what is wrong`(sketch: String, wanted: [String]) throws {
        #expect(try codes(sketch).sorted() == wanted.sorted())
    }

    @Test
    func `a young hole close under the head is an upload under way`() throws {
        let sketch = "1: 03-05, 07-09 / base A 1: 03-04"
        let justNow = ArchiveSketch.time(of: 9).adding(microseconds: 60_000_000)
        #expect(try codes(sketch, now: justNow) == [])
        #expect(try report(sketch, now: justNow).findings.map(\.code) == [.walGapPending])
        // With a backup behind it nobody waits for it any more.
        #expect(try codes(sketch + " / base B 1: 08", now: justNow) == ["wal-gap"])
    }

    @Test
    func `what lies in the future is not young`() throws {
        let longBefore = ArchiveSketch.midnight.adding(microseconds: -86_400 * 1_000_000)
        #expect(try codes("1: 02-05, 07-09 / base A 1: 03-04", now: longBefore) == ["wal-gap"])
        #expect(try codes("1: 02-03 / base A 1: 03-04", now: longBefore) == ["wal-gap-in-backup"])
    }

    @Test(arguments: [
        "1: 02-09 / base A 1: 03-04", "1: 02-03, 05-09 / base A 1: 03-04", "1: 02-09 / base A 1: 03-04 dataless",
        "1: 02-09 / 2 from 1@07: 07-0C / base A 2: 05-06", "1: 02-09 / base A 1: 03-04 incremental",
        "1: 02-06 / 2 from 1@07: 07-0C / base A 1: 06-2:08 / missing history 2",
        "1: 02-06 / 2 from 1@07: 07-0C / base A 2: 08 / invalid history 2", "1: / base A 1: 03-04",
    ])
    func `a finished backup that cannot be restored has an error that says so`(sketch: String) throws {
        let report = try report(sketch)
        for assessment in report.analysis.assessments where report.isRestorable(assessment) == false {
            let errors = report.findings.filter { $0.backup == assessment.backup.id && $0.severity == .error }
            #expect(!errors.isEmpty, "\(sketch)")
        }
    }
}
