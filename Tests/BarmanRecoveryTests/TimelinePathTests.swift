import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

struct TimelinePathTests {
    /// The path to a timeline of a sketch.
    private func path(to timeline: TimelineID, in sketch: String) throws -> TimelinePath {
        try ArchiveSketch(sketch).path(to: timeline)
    }

    @Test
    func `a switch segment has to come from the child`() throws {
        let path = try path(to: 2, in: "1: / 2 from 1@07:")
        #expect(path.legs.map(\.timeline) == [1, 2])
        #expect(path.legs.map(\.segments) == [0..<7, 7..<UInt64.max])
        #expect(path.target == 2)
        #expect(path.leg(on: 1)?.positions == LSN(rawValue: 0)..<LSN(rawValue: 0x0780_0000))
        #expect(path.leg(on: 3) == nil)
    }

    @Test
    func `a fork on a boundary leaves the parent all before it`() throws {
        let path = try path(to: 2, in: "1: / 2 from 1@07.0:")
        #expect(path.legs.map(\.segments) == [0..<7, 7..<UInt64.max])
        #expect(path.leg(on: 1)?.positions.upperBound == LSN(rawValue: 0x0700_0000))
    }

    @Test
    func `of two forks in one segment only the youngest has the segment`() throws {
        let path = try path(to: 3, in: "1: / 2 from 1@07: / 3 from 2@07+:")
        #expect(path.legs.map(\.segments) == [0..<7, 7..<7, 7..<UInt64.max])
    }

    @Test
    func `a sibling is not on the way`() throws {
        let path = try path(to: 3, in: "1: / 2 from 1@07: / 3 from 1@09:")
        #expect(path.legs.map(\.timeline) == [1, 3])
        #expect(path.legs.map(\.segments) == [0..<9, 9..<UInt64.max])
    }

    @Test
    func `a timeline without a past is all its own`() {
        let path = TimelinePath(of: 5)
        #expect(path.legs.map(\.segments) == [0..<UInt64.max])
        #expect(path.target == 5)
    }

    @Test
    func `a fork at the end of the stream does no harm`() {
        let entry = TimelineHistory.Entry(timeline: 1, switchPoint: LSN(rawValue: .max), reason: "")
        let path = TimelinePath(to: TimelineHistory(timeline: 2, entries: [entry]), size: .standard)
        #expect(path.legs[0].segments.upperBound == UInt64.max >> 24)
    }
}
