import BarmanCatalog
import PostgresWAL
import TestSupport
import Testing

@testable import BarmanRecovery

/// Statuses as Barman assigns them; a backup that begins in segment n of a sketch ended n minutes after midnight.
struct RetentionReportTests {
    private func statuses(
        _ sketch: String,
        _ policy: RetentionPolicy,
        minimum: Int = 0,
        daysLater days: Int64 = 0,
        minutes: Int64
    ) throws -> String {
        let now = ArchiveSketch.midnight.adding(microseconds: (days * 1440 + minutes) * 60_000_000)
        let catalog = try ArchiveSketch(sketch).catalog
        let report = RetentionReport(of: catalog, under: policy, minimumRedundancy: minimum, at: now)
        return report.rows.map { "\($0.backup.id) \($0.status)" }.joined(separator: ", ")
    }

    private static let four = "1: 01-20 / base A 1: 02 / base B 1: 05 / base C 1: 08 / base D 1: 0B"

    private func window(_ days: Int) throws -> RetentionPolicy {
        .recoveryWindow(try #require(RecoveryPeriod(count: days, unit: .days)))
    }

    @Test(arguments: [
        (0, "A OBSOLETE, B OBSOLETE, C OBSOLETE, D OBSOLETE"), (1, "A OBSOLETE, B OBSOLETE, C OBSOLETE, D VALID"),
        (3, "A OBSOLETE, B VALID, C VALID, D VALID"), (9, "A VALID, B VALID, C VALID, D VALID"),
    ])
    func `redundancy keeps the newest`(count: Int, expected: String) throws {
        #expect(try statuses(Self.four, .redundancy(count), minutes: 60) == expected)
    }

    @Test
    func `the minimum redundancy raises a lower redundancy`() throws {
        let expected = "A OBSOLETE, B OBSOLETE, C VALID, D VALID"
        #expect(try statuses(Self.four, .redundancy(0), minimum: 2, minutes: 60) == expected)
    }

    @Test
    func `redundancy counts what annotations keep`() throws {
        let sketch = "1: 01-20 / base A 1: 02 / base B 1: 05 standalone / base C 1: 08 full / base D 1: 0B failed"
        let expected = "A OBSOLETE, B KEEP:STANDALONE, C KEEP:FULL, D -"
        #expect(try statuses(sketch, .redundancy(2), minutes: 60) == expected)
    }

    @Test(arguments: [
        // The begin of the window in minutes after midnight: the first backup before it stays valid.
        (0, "A VALID, B VALID, C VALID, D VALID"), (5, "A VALID, B VALID, C VALID, D VALID"),
        (6, "A OBSOLETE, B VALID, C VALID, D VALID"), (8, "A OBSOLETE, B VALID, C VALID, D VALID"),
        (9, "A OBSOLETE, B OBSOLETE, C VALID, D VALID"), (60, "A OBSOLETE, B OBSOLETE, C OBSOLETE, D VALID"),
    ])
    func `a window keeps one backup from before its begin`(minutes: Int64, expected: String) throws {
        #expect(try statuses(Self.four, window(3), daysLater: 3, minutes: minutes) == expected)
    }

    @Test
    func `the minimum redundancy makes obsolete ones potentially obsolete`() throws {
        let expected = "A OBSOLETE, B OBSOLETE*, C OBSOLETE*, D VALID"
        #expect(try statuses(Self.four, window(3), minimum: 3, daysLater: 3, minutes: 60) == expected)
    }

    @Test
    func `a kept backup can be the one from before the window`() throws {
        let sketch = "1: 01-20 / base A 1: 02 / base B 1: 05 standalone / base C 1: 08 / base D 1: 0B incremental"
        let expected = "A OBSOLETE, B KEEP:STANDALONE, C VALID, D -"
        #expect(try statuses(sketch, window(3), daysLater: 3, minutes: 7) == expected)
    }

    @Test
    func `the order is that of ids, not of times`() throws {
        let sketch = "1: 01-20 / base A 1: 0B / base B 1: 05"
        #expect(try statuses(sketch, .redundancy(1), minutes: 60) == "A OBSOLETE, B VALID")
    }

    @Test
    func `stops where Barman stops`() throws {
        var catalog = try ArchiveSketch(Self.four).catalog
        func stop(_ policy: RetentionPolicy) -> BarmanStop? {
            let now = ArchiveSketch.midnight
            return RetentionReport(of: catalog, under: policy, minimumRedundancy: 0, at: now).barmanStop
        }
        #expect(stop(.redundancy(1)) == nil)
        var details = try #require(catalog.backups[3].details)
        details.endTime = nil
        catalog.backups[3].info = .read(details)
        #expect(stop(try window(3)) == .noEndTime(BackupID("D")))
        #expect(stop(.redundancy(1)) == nil)
        details.hasChildren = true
        catalog.backups[3].info = .read(details)
        #expect(stop(.redundancy(1)) == .hasChildren(BackupID("D")))
        details.unknownFields = ["future"]
        catalog.backups[3].info = .read(details)
        #expect(stop(.redundancy(1)) == .unknownField(BackupID("D"), "future"))
        catalog.backups[3].info = .unreadable("drawn so")
        #expect(stop(.redundancy(1)) == .unreadable(BackupID("D")))
    }
}
