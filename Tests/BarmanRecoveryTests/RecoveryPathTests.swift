import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

struct RecoveryPathTests {
    /// The WAL on the way to a timeline from a segment on.
    private func follow(
        _ sketch: String,
        to timeline: TimelineID = 1,
        from start: UInt64 = 3
    ) throws -> RecoveryPath {
        let sketch = try ArchiveSketch(sketch)
        return RecoveryPath(along: sketch.path(to: timeline), from: start, in: sketch.catalog.wal)
    }

    @Test
    func `an unbroken run has no gap and ends at its last segment`() throws {
        let path = try follow("1: 02-09")
        #expect(path.gaps.isEmpty)
        #expect(path.end?.segment == 9)
        #expect(path.end?.lastModified == ArchiveSketch.time(of: 9))
        #expect(path.last == 9)
    }

    @Test(arguments: [(1, "0FFD-1002"), (16, "0FD-102"), (64, "03D-042"), (1024, "001-00A")])
    func `crossing from one log to the next is no gap`(megabytes: Int, segments: String) throws {
        let path = try follow("size \(megabytes) / 1: \(segments)", from: 0)
        #expect(path.gaps.count == 1, "only the one before the first segment")
        let first = try #require(path.gaps.first).segments.upperBound + 1
        #expect(try follow("size \(megabytes) / 1: \(segments)", from: first).gaps.isEmpty)
    }

    @Test
    func `a hole is a gap only if something follows it`() throws {
        #expect(try follow("1: 02-05").gaps.isEmpty)
        let path = try follow("1: 02-05, 08-09, 0B")
        #expect(path.gaps.map(\.segments) == [6...7, 0xA...0xA])
        #expect(path.gaps.map(\.count) == [2, 1])
        #expect(path.gaps[0].followedAt == ArchiveSketch.time(of: 8))
        #expect(path.end?.segment == 5)
        #expect(path.last == 0xB)
    }

    @Test
    func `what lies before the start does not matter`() throws {
        #expect(try follow("1: 01, 03-09").gaps.isEmpty)
        #expect(try follow("1: 01-02, 09").gaps.map(\.segments) == [3...8])
        #expect(try follow("1: 01-02, 09").end == nil)
    }

    @Test
    func `a fork is no gap`() throws {
        let path = try follow("1: 02-06 / 2 from 1@07: 07-0C", to: 2)
        #expect(path.gaps.isEmpty)
        #expect(path.end?.timeline == 2)
        #expect(path.end?.segment == 0xC)
    }

    @Test
    func `a fork on a boundary is no gap either`() throws {
        #expect(try follow("1: 02-06 / 2 from 1@07.0: 07-0C", to: 2).gaps.isEmpty)
    }

    @Test
    func `the parent's switch segment is not needed, the child's is`() throws {
        let missing = try follow("1: 02-07 / 2 from 1@07: 08-0C", to: 2)
        #expect(missing.gaps.map(\.timeline) == [2])
        #expect(missing.gaps.map(\.segments) == [7...7])
        #expect(missing.gaps[0].parentStandsIn)
        #expect(missing.end?.segment == 6)
        #expect(try !follow("1: 02-06 / 2 from 1@07: 08-0C", to: 2).gaps[0].parentStandsIn)
    }

    @Test
    func `an older timeline than the last one read stands in for nothing`() throws {
        let sketch = "1: 02-09 / 2 from 1@05: 05-07 / 3 from 2@08: 09"
        let gap = try #require(try follow(sketch, to: 3).gaps.first)
        #expect(gap.segments == 8...8)
        #expect(!gap.parentStandsIn)
        let direct = try follow("1: 02-09 / 2 from 1@05: / 3 from 2@05+: 06", to: 3)
        #expect(try #require(direct.gaps.first).parentStandsIn)
    }

    @Test
    func `a gap over a fork is told per timeline`() throws {
        let gaps = try follow("1: 02-04 / 2 from 1@07: 09", to: 2).gaps
        #expect(gaps.map(\.timeline) == [1, 2])
        #expect(gaps.map(\.segments) == [5...6, 7...8])
    }

    @Test
    func `what is missing behind the head may still come`() throws {
        let path = try follow("1: 02-04, 06", from: 3)
        #expect(path.missing(through: 4).isEmpty)
        #expect(path.missing(through: 2).isEmpty)
        #expect(path.missing(through: 5).map(\.segments) == [5...5])
        let missing = path.missing(through: 8)
        #expect(missing.map(\.segments) == [5...5, 7...8])
        #expect(missing.map(\.isBehindHead) == [false, true])
    }

    @Test
    func `what is missing behind the head is told per timeline`() throws {
        let missing = try follow("1: 03 / 2 from 1@05:", to: 2).missing(through: 6)
        #expect(missing.map(\.timeline) == [1, 2])
        #expect(missing.map(\.segments) == [4...4, 5...6])
        #expect(missing.map(\.isBehindHead) == [true, true])
        #expect(try follow("1:", to: 1).missing(through: 4).map(\.segments) == [3...4])
    }
}
