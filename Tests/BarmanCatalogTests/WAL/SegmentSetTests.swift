import BarmanCatalog
import PostgresWAL
import TestSupport
import Testing

struct SegmentSetTests {
    private func set(_ ranges: [ClosedRange<UInt64>]) -> SegmentSet {
        ranges.reduce(into: SegmentSet()) { $0.insert(1, $1) }
    }

    @Test
    func `joins ranges that overlap or touch`() {
        #expect(set([3...4, 8...9]).ranges(of: 1) == [3...4, 8...9])
        #expect(set([8...9, 3...4]).ranges(of: 1) == [3...4, 8...9])
        #expect(set([3...4, 5...9]).ranges(of: 1) == [3...9])
        #expect(set([3...4, 8...9, 0...20]).ranges(of: 1) == [0...20])
        #expect(set([3...4, 8...9, 4...8]).ranges(of: 1) == [3...9])
        #expect(set([0...0, UInt64.max...UInt64.max, 1...UInt64.max - 1]).ranges(of: 1) == [0...UInt64.max])
    }

    @Test
    func `tells timelines apart`() {
        var set = set([3...4])
        set.insert(2, 5...5)
        #expect(set.timelines == [1, 2])
        #expect(set.contains(1, 3))
        #expect(!set.contains(2, 3))
        #expect(!set.contains(3, 3))
    }

    @Test
    func `says what is in it and what is not`() {
        let set = set([3...4, 8...9])
        #expect(set.missing(from: 0...20, of: 1) == [0...2, 5...7, 10...20])
        #expect(set.missing(from: 3...9, of: 1) == [5...7])
        #expect(set.missing(from: 3...4, of: 1) == [])
        #expect(set.missing(from: 9...9, of: 2) == [9...9])
        #expect(set.common(with: 4...8, of: 1) == [4...4, 8...8])
        #expect(set.common(with: 5...7, of: 1) == [])
    }

    /// Every choice of three ranges out of a few numbers, against sets of numbers.
    @Test
    func `agrees with a set of numbers`() {
        let ranges = (0...5).flatMap { lower in (lower...5).map { UInt64(lower)...UInt64($0) } }
        for first in ranges {
            for second in ranges {
                let set = set([first, second])
                let numbers = Set(first).union(second)
                for third in ranges {
                    let missing = Set(set.missing(from: third, of: 1).flatMap { Array($0) })
                    let common = Set(set.common(with: third, of: 1).flatMap { Array($0) })
                    #expect(missing == Set(third).subtracting(numbers), "\(first) \(second) \(third)")
                    #expect(common == numbers.intersection(third), "\(first) \(second) \(third)")
                }
                #expect((0...6).allSatisfy { set.contains(1, $0) == numbers.contains($0) })
            }
        }
    }
}

struct WALInventoryPartsTests {
    @Test
    func `removes parts of runs and shares the bytes out`() throws {
        let wal = try ArchiveSketch("1: 02-09, 0B-0F / 2: 03-04 / partial 1: 0A").catalog.wal
        var gone = SegmentSet()
        gone.insert(1, 4...10)
        let left = wal.removing(gone)
        #expect(left.runs.map(\.segments) == [2...3, 11...15, 3...4])
        #expect(left.runs.map(\.bytes) == [2 << 20, 5 << 20, 2 << 20])
        #expect(left.partials.isEmpty)
        #expect(left.segmentCount == 9)
        #expect(wal.lastNumbers == [1: 15, 2: 4])
    }

    @Test
    func `the inside of a run has the time of its end`() {
        let time = { TimestampTZ(rawValue: $0) }
        let run = WALRun(timeline: 1, segments: 2...9, bytes: 80, firstModified: time(2), lastModified: time(9))
        #expect(run.part(2...9) == run)
        #expect(run.part(2...3).firstModified == time(2))
        #expect(run.part(4...5).firstModified == time(9))
        #expect(run.part(4...5).bytes == 20)
    }
}
