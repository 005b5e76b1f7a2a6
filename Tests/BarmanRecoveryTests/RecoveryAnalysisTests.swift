import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

struct RecoveryAnalysisTests {
    private func analysis(_ sketch: String) throws -> RecoveryAnalysis {
        RecoveryAnalysis(of: try ArchiveSketch(sketch).catalog)
    }

    /// Windows in a line each: backup, path, last segment, why it ends, `*` where `latest` leads.
    private func windows(_ sketch: String) throws -> [String] {
        try analysis(sketch).windows.map { window in
            let path = window.path.map(\.description).joined(separator: ">")
            let last = WALSegmentSize.standard.segmentNumber(of: LSN(rawValue: window.to.lsn.rawValue - 1))
            let star = window.isLatest ? " *" : ""
            return "\(window.backup) \(path) \(String(last, radix: 16)) \(window.ending.rawValue)\(star)"
        }
    }

    /// Segments in a line each: `2: 5-7`.
    private func lines(_ runs: [WALRun]?) -> [String]? {
        runs?.map { "\($0.timeline): \($0.segments.lowerBound)-\($0.segments.upperBound)" }
    }

    @Test(arguments: [
        ("1: 02-09 / base A 1: 03-04", ["A 1 9 archive-head *"]),
        ("1: 02-09, 0B-0F / base A 1: 03-04", ["A 1 9 gap *"]),
        ("1: 02-09, 0B-0F / base A 1: 03-04 / base B 1: 0C-0D", ["A 1 9 gap *", "B 1 f archive-head *"]),
        // The first segment of the backup alone.
        ("1: 03 / base A 1: 03", ["A 1 3 archive-head *"]),
        // Its end lies on a boundary, so that nothing of the segment behind it is needed.
        ("1: 03 / base A 1: 03-04.0", ["A 1 3 archive-head *"]),
        // Its own WAL is not there.
        ("1: 04-09 / base A 1: 03-04", []),
        ("1: 02-03, 05-09 / base A 1: 03-04", []),
        ("1: 02-03 / base A 1: 03-04", []),
        ("1: 02-09 / base A 1: 03-04 failed", []),
        ("1: 02-09 / base A 1: 03-04 dataless", []),
        ("1: 02-09 / base A 1: 03-04 unreadable", []),
        ("1: 02-09 / base A 1: 03-04 incremental", []),
    ])
    func `a window reaches from the end of a backup to the first hole`(sketch: String, wanted: [String]) throws {
        #expect(try windows(sketch) == wanted)
    }

    @Test(arguments: [
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 03-04", ["A 1>2 c archive-head *", "A 1 6 archive-head"]),
        // Stops at the first missing history.
        (
            "1: 02-06 / 2 from 1@07: 07-0C / base A 1: 03-04 / missing history 2", ["A 1 6 archive-head *"]
        ),
        (
            "1: 02-06 / 2 from 1@07: 07-08 / 3 from 2@09: 09 / base A 1: 03-04 / missing history 2",
            ["A 1 6 archive-head *", "A 1>2>3 9 archive-head"]
        ),
        // Behind the fork on the old timeline: not on the way to latest.
        ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 08-09", ["A 1 9 archive-head"]),
        // Begun before the fork in its segment, ended behind it.
        ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 06-07+", ["A 1 9 archive-head"]),
        ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 06-07", ["A 1>2 c archive-head *", "A 1 9 archive-head"]),
        // A promotion came in between.
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 06-2:08", ["A 1>2 c archive-head *"]),
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 06-2:08 / missing history 2", []),
        // Begun on the child.
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 2: 08-09", ["A 2 c archive-head *"]),
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 2: 08-09 / missing history 2", ["A 2 c archive-head *"]),
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 2: 08-09 / invalid history 2", []),
        // The child was announced and has no WAL yet.
        ("1: 02-06 / 2 from 1@07: / base A 1: 03-04", ["A 1>2 6 archive-head *", "A 1 6 archive-head"]),
    ])
    func `a window follows the timelines of its path`(sketch: String, wanted: [String]) throws {
        #expect(try windows(sketch) == wanted)
    }

    @Test(arguments: [
        ("1: 02-03, 06 / base A 1: 03 standalone", ["A 1 3 standalone *"]),
        ("1: 02-03 / base A 1: 03 standalone", ["A 1 3 archive-head *"]),
        ("1: 02-03, 06 / base A 1: 03 full", ["A 1 3 gap *"]),
    ])
    func `a backup kept standalone says why its window ends`(sketch: String, wanted: [String]) throws {
        #expect(try windows(sketch) == wanted)
    }

    @Test
    func `a window begins where the backup is consistent and ends with the last segment`() throws {
        let window = try #require(try analysis("1: 02-09 / base A 1: 03-04").windows.first)
        #expect(window.from.lsn == LSN(rawValue: 0x0440_0000))
        #expect(window.from.time == ArchiveSketch.time(of: 4))
        #expect(window.to.lsn == LSN(rawValue: 0x0A00_0000))
        #expect(window.to.time == ArchiveSketch.time(of: 9))
    }

    @Test(arguments: [
        ("1: 02-09 / base A 1: 03-04", []),
        ("1: 02-05, 08-09 / base A 1: 03-04", ["1: 6-7"]),
        ("1: 02-05, 08-09 / base A 1: 08-09", []),
        ("1: 02-05, 08-09", []),
        ("1: 02-05, 08-09 / base A 1: 03-04 failed", []),
        // Two recoveries see different parts of one hole.
        ("1: 02-04, 09 / base A 1: 03-04 / base B 1: 07-08", ["1: 5-8"]),
        ("1: 02-05, 0A / 2 from 1@08: 08-09 / base A 1: 03-04", ["1: 6-9"]),
        // A fork and a log boundary are no holes.
        ("1: 0FD-102 / 2 from 1@103: 103-105 / base A 1: 0FD", []),
        // The child of the hole's timeline has no WAL yet.
        ("1: 02-03 / 2 from 1@04: 04-05, 07 / 3 from 2@07: / base A 1: 03", ["2: 6-6"]),
        // Only a standalone backup looks across, and retention may have made the hole up to the next one.
        ("1: 02-04, 08-09 / base A 1: 03-04 standalone / base B 1: 08", []),
        // No retention makes one with nothing to keep behind it.
        ("1: 02-04, 08-09 / base A 1: 03-04 standalone", ["1: 5-7"]),
        ("1: 02-03, 05-09 / base A 1: 03-04 standalone", ["1: 4-4"]),
        ("1: 02-04, 08-09 / base A 1: 03-04 standalone / base B 1: 03-04", ["1: 5-7"]),
    ])
    func `every hole is told once`(sketch: String, wanted: [String]) throws {
        let gaps = try analysis(sketch).gaps
        #expect(gaps.map { "\($0.timeline): \($0.segments.lowerBound)-\($0.segments.upperBound)" } == wanted)
    }

    @Test
    func `a joined hole is as old as its oldest part`() throws {
        let gaps = try analysis("1: 02-05, 0A / 2 from 1@08: 08-09 / base A 1: 03-04").gaps
        #expect(gaps.map(\.followedAt) == [ArchiveSketch.time(of: 8)])
    }

    @Test(arguments: [
        ("1: 02-09 / base A 1: 03-04", ["1: 2-2"]),
        ("1: 02-09", ["1: 2-9"]),
        ("1: 02-09 / base A 1: 03-04 failed", ["1: 2-9"]),
        ("1: 02-09 / base A 1: 03-04 started", ["1: 2-2"]),
        ("1: 02-09 / 2 from 1@07: 07-0C / base A 1: 08-09", ["1: 2-7", "2: 7-12"]),
        ("1: 02-09 / 2 from 1@07: 07-0C / base A 2: 08-09", ["1: 2-9", "2: 7-7"]),
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 03-04", ["1: 2-2"]),
        // What lies there of a child before its fork, nobody reads.
        ("1: 02-06 / 2 from 1@07: 05-0C / base A 1: 03-04", ["1: 2-2", "2: 5-6"]),
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 1: 03-04 / missing history 2", ["1: 2-2"]),
        ("1: 02-06 / 2 from 1@07: 07-0C / base A 2: 08-09 / invalid history 2", ["1: 2-6"]),
    ])
    func `WAL that no backup can use is an orphan`(sketch: String, wanted: [String]) throws {
        #expect(lines(try analysis(sketch).orphans) == wanted)
    }

    @Test
    func `an unreadable backup might need any WAL`() throws {
        #expect(try analysis("1: 02-09 / base A 1: 03-04 unreadable").orphans == nil)
    }

    @Test(arguments: [
        ("1: 02-09 / 2 from 1@07: 07-0C", ["1: 8-9"]),
        ("1: 02-09 / 2 from 1@07.0: 07-0C", ["1: 7-9"]),
        ("1: 02-07 / 2 from 1@07: 07-0C", []),
        ("1: 02-09 / 2 from 1@05: 05 / 3 from 1@08: 08", ["1: 9-9"]),
        // Nothing is abandoned where latest stays on the old timeline.
        ("1: 02-09 / 2 from 1@07: 07-0C / missing history 2", []),
        ("1: 02-09 / 2 from 1@05: 05 / 3 from 1@08: 08 / missing history 2", []),
    ])
    func `WAL behind the last fork is abandoned`(sketch: String, wanted: [String]) throws {
        #expect(lines(try analysis(sketch).abandoned) == wanted)
    }

    @Test
    func `an orphan and an abandoned part carry their share of the bytes`() throws {
        let analysis = try analysis("1: 02-09 / 2 from 1@07: 07 / base A 1: 04")
        #expect(analysis.orphans?.map(\.bytes) == [2 << 20])
        #expect(analysis.abandoned.map(\.bytes) == [2 << 20])
    }
}
