import PostgresWAL
import TestSupport
import Testing

/// Reads WAL made for the purpose.
struct WALReaderTests {
    static let noon = TimestampTZ(rawValue: 848_664_000_000_000)

    /// Everything that a reader finds in the segments.
    static func read(
        _ segments: [WALSketch.Segment],
        from start: WALReader.Start = .firstRecord,
        ancestors: [TimelineID] = [],
        piece: Int = 65_536
    ) throws -> (records: [WALRecord], end: WALEnd) {
        let size = try #require(WALSegmentSize(bytes: segments[0].bytes.count))
        var reader = WALReader(from: start, segmentSize: size, ancestors: ancestors)
        var records: [WALRecord] = []
        for segment in segments {
            try reader.begin(segment.name, size: size)
            try reader.feed(segment.bytes, piece: piece) { record in
                records.append(record)
                return .next
            }
        }
        return (records, reader.finish())
    }

    @Test(arguments: WALFormat.supported, WALSegmentSize.allSizes.prefix(5))
    func `reads every format in segments of many sizes`(format: WALFormat, size: WALSegmentSize) throws {
        var sketch = WALSketch(major: format.major, size: size, segment: 0x1_0000_0000 / UInt64(size.bytes))
        let commit = sketch.commit(700, at: Self.noon)
        let point = sketch.restorePoint("noon", at: Self.noon)
        sketch.switchSegment()
        let abort = sketch.abort(701, at: Self.noon)
        let (records, end) = try Self.read(sketch.segments)
        #expect(records.map(\.start) == [commit, point, records[2].start, abort])
        #expect(
            records.map(\.event) == [
                .commit(TransactionEnd(xid: 700, time: Self.noon)),
                .restorePoint(RestorePoint(name: "noon", time: Self.noon)),
                .segmentSwitch,
                .abort(TransactionEnd(xid: 701, time: Self.noon)),
            ]
        )
        #expect(records[2].end == size.start(of: size.segmentNumber(of: commit) + 1))
        #expect(end == WALEnd(reason: .zeroLength, position: records[3].end, faultPosition: records[3].end))
    }

    @Test(arguments: [1, 7, 8_192, 1 << 20])
    func `reads a record that is longer than two segments`(piece: Int) throws {
        var sketch = WALSketch()
        let long = sketch.filler(piece == 1 || piece == 7 ? 20_000 : 2_500_000)
        let commit = sketch.commit(700, at: Self.noon)
        let segments = piece == 1 || piece == 7 ? [sketch.segments[0].prefix(32_768)] : sketch.segments
        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        var starts: [LSN] = []
        for segment in segments {
            try reader.begin(segment.name, size: sketch.size)
            try reader.feed(segment.bytes, piece: piece) { record in
                starts.append(record.start)
                return .next
            }
        }
        #expect(starts == [long, commit])
    }

    /// The number of the prepared transaction lies behind the list, here on a later page.
    @Test(arguments: [0, 1, 50, 60, 500, 100_000], [1_000, 1 << 20])
    func `finds the prepared transaction behind its subtransactions`(count: Int, piece: Int) throws {
        var sketch = WALSketch()
        sketch.filler(8_000)
        sketch.commit(0, at: Self.noon, prepared: 700, subtransactions: count)
        sketch.abort(0, at: Self.noon, prepared: 800, subtransactions: count)
        let (records, _) = try Self.read(sketch.segments, piece: piece)
        func end(_ xid: TransactionID) -> TransactionEnd {
            TransactionEnd(xid: xid, time: Self.noon, isPrepared: true, subtransactionCount: count)
        }
        #expect(records.compactMap(\.event) == [.commit(end(700)), .abort(end(800))])
    }

    /// What PostgreSQL 15 and 18 write of two dropped statistics entries differs in length.
    @Test(arguments: [(13, 12), (15, 12), (17, 12), (18, 16)])
    func `passes over every list of a commit`(major: Int, statisticsSize: Int) throws {
        var sketch = WALSketch(major: major)
        var main = littleEndian(Self.noon.rawValue) + littleEndian(UInt32(0x11F)) + littleEndian(UInt64(5))
        main += littleEndian(UInt32(1)) + littleEndian(UInt32(701))
        main += littleEndian(UInt32(2)) + [UInt8](repeating: 0xFF, count: 2 * 12)
        main += littleEndian(UInt32(2)) + [UInt8](repeating: 0xFF, count: 2 * statisticsSize)
        main += littleEndian(UInt32(3)) + [UInt8](repeating: 0xFF, count: 3 * 16)
        main += littleEndian(UInt32(700)) + Array("gid\0".utf8)
        sketch.record(.transaction, info: 0xB0, main: main)
        let end = TransactionEnd(xid: 700, time: Self.noon, isPrepared: true, subtransactionCount: 1)
        #expect(try Self.read(sketch.segments).records.map(\.event) == [.commit(end)])
    }

    @Test
    func `finds main data behind other parts of a record`() throws {
        for (major, imageFlags) in [(14, UInt8(0x03)), (15, 0x05), (18, 0x11)] {
            var sketch = WALSketch(major: major)
            // An origin, a top-level transaction, and a block with a compressed image of three bytes and two of data.
            // The data of the block lies before the main data, so it is written as part of the headers here.
            let block: [UInt8] =
                [0, 0x30] + littleEndian(UInt16(2)) + littleEndian(UInt16(3)) + [0, 0, imageFlags, 9, 0]
            let parts = [253, 1, 0, 252, 1, 0, 0, 0] + block + [UInt8](repeating: 7, count: 16)
            let main = littleEndian(Self.noon.rawValue)
            sketch.record(.transaction, info: 0, xid: 700, parts: parts + [255, 8] + [1, 2, 3, 4, 5] + main)
            let (records, end) = try Self.read(sketch.segments)
            #expect(records.map(\.event) == [.commit(TransactionEnd(xid: 700, time: Self.noon))], "\(end)")
        }
    }

    @Test
    func `stops when told`() throws {
        var sketch = WALSketch()
        for xid in 700..<710 { sketch.commit(TransactionID(rawValue: UInt32(xid)), at: Self.noon) }
        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        try reader.begin(sketch.segments[0].name, size: sketch.size)
        var seen = 0
        let bytes = sketch.segments[0].bytes
        let status = try reader.feed(bytes.span) { record in
            seen += 1
            return record.xid == 704 ? .stop : .next
        }
        #expect(seen == 5)
        #expect(status == .stopped)
        #expect(try reader.feed(bytes, piece: 100_000) { _ in .stop } == .stopped)
        #expect(reader.finish().reason == .inputEnds)
    }

    @Test
    func `tells when the rest of a segment is unused`() throws {
        var sketch = WALSketch()
        sketch.switchSegment()
        let commit = sketch.commit(700, at: Self.noon)
        let segments = sketch.segments
        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        #expect(reader.status == .wantsSegment)
        try reader.begin(segments[0].name, size: sketch.size)
        #expect(reader.status == .reading)
        #expect(try reader.feed(segments[0].prefix(100).bytes, piece: 100) { _ in .next } == .restIsUnused)
        #expect(reader.finish().position == sketch.size.start(of: 2))
        try reader.begin(segments[1].name, size: sketch.size)
        try reader.feed(segments[1].bytes, piece: 1 << 20) { _ in .next }
        #expect(reader.lastRecord == commit)
        #expect(reader.format?.major == 18)
        #expect(reader.systemIdentifier == 7_000_000_000_000_000_000)
    }

    @Test
    func `passes over the rest of a record from before`() throws {
        var sketch = WALSketch()
        let long = sketch.filler(1_500_000)
        let commit = sketch.commit(700, at: Self.noon)
        #expect(sketch.size.segmentNumber(of: long) + 1 == sketch.size.segmentNumber(of: commit))
        let (records, _) = try Self.read([sketch.segments[1]], piece: 5_000)
        #expect(records.map(\.start) == [commit])
    }

    @Test
    func `reads from a page's beginning the record behind its header`() throws {
        var sketch = WALSketch()
        let first = sketch.commit(700, at: Self.noon)
        let start = sketch.size.start(of: 1)
        for lsn in [start, first] {
            #expect(try Self.read(sketch.segments, from: .record(lsn)).records.map(\.start) == [first])
        }
    }

    @Test
    func `takes ancestors on pages that a child took over`() throws {
        var sketch = WALSketch()
        sketch.filler(10_000)
        sketch.timeline = 2
        sketch.filler(10_000)
        let segments = sketch.segments
        #expect(segments[0].name.timeline == 2)
        #expect(try Self.read(segments, ancestors: [1]).records.count == 2)
        #expect(try Self.read(segments).end.reason == .wrongTimeline(1))
        // The parent's name, and pages of its child.
        var misnamed = segments
        misnamed[0].name.timeline = 1
        #expect(try Self.read(misnamed, ancestors: [1, 2]).end.reason == .wrongTimeline(2))
    }
}
