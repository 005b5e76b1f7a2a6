import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

struct TimelineTreeTests {
    private func tree(_ sketch: String) throws -> TimelineTree {
        TimelineTree(of: try ArchiveSketch(sketch).catalog)
    }

    @Test
    func `knows every timeline that anything names`() throws {
        let tree = try tree(
            "1: 02 / 2 from 1@03: / partial 3: 04 / base A 5: 06-07 failed / 9 from 2@08: / missing history 2"
        )
        #expect(tree.nodes.map(\.timeline) == [1, 2, 3, 5, 9])
        #expect(tree.nodes.map(\.state) == [.none, .missing, .missing, .missing, .present])
        #expect(tree[9]?.origin?.timeline == 2)
        #expect(tree[2]?.origin == nil)
        #expect(tree[4] == nil)
        #expect(tree.children(of: 2).map(\.timeline) == [9])
        #expect(tree.children(of: 1).isEmpty)
    }

    @Test(
        arguments: [
            ("1: 02", 1, 1),
            ("1: 02 / 2 from 1@03: 03", 1, 2),
            ("1: 02 / 2 from 1@03: 03 / 3 from 2@04: 04", 1, 3),
            ("1: 02 / 2 from 1@03: 03 / 3 from 2@04: 04", 3, 3),
            // Stops at the first missing history, though a later one is there.
            ("1: 02 / 2 from 1@03: 03 / 3 from 2@04: 04 / missing history 2", 1, 1),
            ("1: 02 / 2 from 1@03: 03 / 3 from 2@04: 04 / missing history 2", 2, 3),
            ("1: 02 / 2 from 1@03: 03 / 3 from 2@04: 04 / missing history 3", 1, 2),
            // Goes on along the numbers, whatever branch that is.
            ("1: 02 / 2 from 1@03: 03 / 3 from 1@05: 05", 2, 3),
            ("1: 02 / 3 from 1@03: 03", 1, 1),
        ] as [(String, UInt32, UInt32)]
    )
    func `latest counts up until a history file is missing`(sketch: String, from: UInt32, latest: UInt32) throws {
        let tree = try tree(sketch)
        #expect(tree.latest(from: TimelineID(rawValue: from)) == .timeline(TimelineID(rawValue: latest)))
    }

    @Test(arguments: [("1: 02 / 2 from 1@03: 03 / invalid history 2", 1), ("2: 02 / invalid history 2", 2)])
    func `latest fails on a history that cannot be read`(sketch: String, from: Int) throws {
        let tree = try tree(sketch)
        #expect(tree.latest(from: TimelineID(rawValue: UInt32(from))) == .invalidHistory(2))
        #expect(tree[2]?.state == .invalid)
    }

    @Test
    func `latest comes past an invalid history to a valid one behind it`() throws {
        let tree = try tree("1: 02 / 2 from 1@03: 03 / 3 from 2@04: 04 / invalid history 2")
        #expect(tree.latest(from: 1) == .timeline(3))
    }
}
