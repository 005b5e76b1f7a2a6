import PostgresWAL
import TestSupport
import Testing

@testable import BarmanCatalog

struct WALInventoryBuilderTests {
    private static let name = "00000001000000000000000A"

    @Test(arguments: WALSegmentSize.allSizes)
    func `a run goes on from one log to the next`(size: WALSegmentSize) {
        let boundary = UInt64(size.segmentsPerLog)
        let numbers = boundary - 2...2 * boundary + 1
        let found = inventory(names(numbers, size: size), sizeOfBackups: size)
        #expect(found.runs.map(\.segments) == [numbers])
        #expect(found.runs.map(\.bytes) == [100 * Int64(numbers.count)])
        #expect(found.runs[0].firstModified == TimestampTZ(unixMicroseconds: 0))
        #expect(found.runs[0].lastModified == TimestampTZ(unixMicroseconds: Int64(numbers.count - 1)))
        #expect(found.segmentCount == numbers.count)
        #expect(found.impossibleNames == 0)
    }

    /// Every subset of the eight segments around a log's end, at four sizes.
    @Test(.tags(.long), arguments: [20, 24, 26, 30])
    func `runs are what stands together, whatever is missing`(shift: Int) throws {
        let size = try #require(WALSegmentSize(bytes: 1 << shift))
        let base = UInt64(size.segmentsPerLog) * 3 - 4
        for mask in 0..<256 {
            let numbers = (0..<8).filter { mask >> $0 & 1 == 1 }.map { base + UInt64($0) }
            var wanted: [ClosedRange<UInt64>] = []
            for number in numbers {
                if let last = wanted.last, last.upperBound + 1 == number {
                    wanted[wanted.count - 1] = last.lowerBound...number
                } else {
                    wanted.append(number...number)
                }
            }
            let found = inventory(names(numbers, size: size), sizeOfBackups: size)
            #expect(found.runs.map(\.segments) == wanted)
            #expect(found.runs == found.runs(of: 1).map { $0 })
            for number in base - 1...base + 8 {
                #expect((found.run(of: 1, containing: number) != nil) == numbers.contains(number))
            }
        }
    }

    @Test
    func `timelines do not join`() {
        let found = inventory(names(1...3) + names(4...6, on: 2) + names(4...4, on: 3))
        #expect(found.runs.map(\.timeline) == [1, 2, 3])
        #expect(found.timelines == [1, 2, 3])
        #expect(found.runs(of: 2).map(\.segments) == [4...6])
        #expect(found.runs(of: 4).isEmpty)
        #expect(found.run(of: 1, containing: 4) == nil)
    }

    @Test
    func `the head is the run that was written last`() {
        #expect(inventory([String]()).head == nil)
        let found = inventory(names(1...3) + names(4...6, on: 2))
        #expect(found.head?.timeline == 2)
    }

    /// Which object `barman-cloud-wal-restore` 3.19.1 hands out: whole, partial, or none of its business.
    @Test(arguments: [
        (["", ".gz"], false, true), (["", ".partial"], false, false), ([".gz", ".partial.gz"], false, false),
        ([".zst", ".partial"], true, false), ([".zst", ".partial.zst"], true, false),
        ([".xz", ".partial"], true, false), ([".snappy", ".partial.snappy"], true, false),
        ([".lz4", ".partial"], false, false), ([".bz2", ".partial.bz2"], false, false),
        ([".bz2", ".gz", ".lz4", ".zst"], false, true), ([".gz", ".00000028.backup.gz"], false, false),
        (["", ".00000028.backup.gz"], false, false), ([".gz", ".zst", ".partial"], false, true),
    ])
    func `of several objects the one that a restore takes counts`(
        suffixes: [String],
        isShadowed: Bool,
        isDuplicate: Bool
    ) {
        let objects = suffixes.map { (Self.name + $0, $0.isEmpty ? Int64(16 << 20) : 100) }
        let found = inventory(objects)
        #expect(found.runs.map(\.segments) == (isShadowed ? [] : [0xA...0xA]))
        #expect(found.shadowed.map(\.segments) == (isShadowed ? [0xA...0xA] : []))
        #expect(found.duplicates.map(\.segments) == (isDuplicate ? [0xA...0xA] : []))
        #expect(found.segmentCount == 1)
    }

    @Test(arguments: [".partial", ".partial.gz"])
    func `a partial alone is no segment`(suffix: String) {
        let found = inventory([Self.name + suffix])
        #expect(found.runs.isEmpty)
        #expect(found.shadowed.isEmpty)
        #expect(found.segmentCount == 0)
        #expect(found.partials.map(\.name.description) == [Self.name])
        #expect(found.partials.map(\.size) == [100])
    }

    @Test
    func `a partial between two segments does not part them`() {
        let found = inventory(names(9...0xB) + [Self.name + ".partial"])
        #expect(found.runs.map(\.segments) == [9...0xB])
        #expect(found.partials.count == 1)
    }

    @Test
    func `a duplicate is counted once, its bytes are not`() {
        let found = inventory(names(9...0xB) + names(0xA...0xA, suffix: ".zst"))
        #expect(found.runs.map(\.segments) == [9...0xB])
        #expect(found.duplicates.map(\.segments) == [0xA...0xA])
        #expect(found.segmentCount == 3)
        #expect(found.bytes == 400)
        #expect(found.runs[0].bytes == 400)
    }

    @Test
    func `an empty object is no segment`() {
        let found = inventory([(Self.name + ".gz", 0), ("00000001000000000000000B.gz", 5)])
        #expect(found.empty.map(\.segments) == [0xA...0xA])
        #expect(found.runs.map(\.segments) == [0xB...0xB])
    }

    @Test
    func `an empty object that a restore takes hides a good one`() {
        let found = inventory([(Self.name + ".gz", 0), (Self.name + ".zst", 5)])
        #expect(found.empty.map(\.segments) == [0xA...0xA])
        #expect(found.runs.isEmpty)
    }

    @Test(
        arguments: [
            ([("", 16 << 20)], false, false), ([(".gz", 0)], true, true), ([(".gz", 5), (".zst", 0)], false, true),
            ([(".gz", 0), (".zst", 5)], true, true), ([(".gz", 5), (".partial", 0)], false, true),
            ([(".partial", 0)], false, true), ([(".partial", 0), (".zst", 5)], false, true),
            ([(".partial", 5), (".zst", 0)], false, true), ([(".gz", 5), (".00000028.backup", 0)], false, false),
        ] as [([(String, Int64)], Bool, Bool)]
    )
    func `an empty object is noticed even where a restore passes over it`(
        objects: [(suffix: String, size: Int64)],
        isDelivered: Bool,
        isThere: Bool
    ) {
        let found = inventory(objects.map { (Self.name + $0.suffix, $0.size) }, sizeOfBackups: .standard)
        #expect(found.empty.map(\.segments) == (isDelivered ? [0xA...0xA] : []))
        #expect(found.emptyObjects.map(\.segments) == (isThere ? [0xA...0xA] : []))
        let isShadowed = !found.shadowed.isEmpty
        #expect(found.unusableCount(of: 1, in: 0...0xF) == (isDelivered || isShadowed ? 1 : 0))
    }

    @Test
    func `empty objects make runs, whichever object of their segments they are`() {
        let found = inventory([
            (Self.name + ".gz", 0), ("00000001000000000000000B.gz", 5), ("00000001000000000000000B.zst", 0),
            ("00000001000000000000000C.partial", 0),
        ])
        #expect(found.emptyObjects.map(\.segments) == [0xA...0xC])
        #expect(found.emptyObjects.map(\.bytes) == [0])
        #expect(found.empty.map(\.segments) == [0xA...0xA])
        #expect(found.runs.map(\.segments) == [0xB...0xB])
    }

    @Test
    func `an uncompressed object has to be as large as a segment`() {
        let whole = Int64(16 << 20)
        let objects = [
            ("000000010000000000000001", whole), ("000000010000000000000002", 100_000),
            ("000000010000000000000003", 1 << 20), ("000000010000000000000004", whole + 1),
            ("000000010000000000000005", whole), ("000000010000000000000006.gz", 100_000),
        ]
        let found = inventory(objects, sizeOfBackups: .standard)
        #expect(found.wrongSize.map(\.segments) == [2...4])
        #expect(found.runs.map(\.segments) == [1...1, 5...6])
    }

    @Test
    func `names that the segment size never makes are counted and left out`() throws {
        let size = try #require(WALSegmentSize(bytes: 64 << 20))
        let found = inventory(names(0x3E...0x43), sizeOfBackups: size)
        #expect(found.runs.map(\.segments) == [0x3E...0x3F])
        #expect(found.impossibleNames == 4)
        #expect(inventory(names(0x41...0x43), sizeOfBackups: size).impossibleNames == 3)
    }

    @Test
    func `the greatest names do no harm`() {
        let found = inventory(["FFFFFFFFFFFFFFFFFFFFFFFF.gz", "FFFFFFFFFFFFFFFF00000000.gz"])
        #expect(found.segmentCount == 2)
        #expect(found.impossibleNames == 1)
        #expect(found.runs.map(\.timeline) == [TimelineID(rawValue: .max)])
    }
}
