import PostgresWAL
import TestSupport
import Testing

/// Damages one place of a segment at a time.
struct WALEndTests {
    /// One number written over what was there, and what the WAL then ends with.
    struct Damage: CustomTestStringConvertible {
        var testDescription: String
        var offset: Int
        var bytes: [UInt8]
        var end: WALEnd
        var message: String

        init(
            _ name: String,
            at offset: Int,
            _ bytes: [UInt8],
            _ reason: WALEnd.Reason,
            ends position: UInt64,
            fault: UInt64? = nil,
            message: String
        ) {
            testDescription = name
            self.offset = offset
            self.bytes = bytes
            let fault = LSN(rawValue: fault ?? position)
            self.end = WALEnd(reason: reason, position: LSN(rawValue: position), faultPosition: fault)
            self.message = message
        }
    }

    /// A commit at 0/100028, a record of 9,026 bytes behind it, and a commit on the second page.
    static let sketch = {
        var sketch = WALSketch()
        sketch.commit(700, at: WALReaderTests.noon)
        sketch.filler(8_997)
        sketch.commit(701, at: WALReaderTests.noon)
        return sketch
    }()

    static let first: UInt64 = 0x10_0028
    static let long: UInt64 = 0x10_0050
    static let page: UInt64 = 0x10_2000

    static let damages = [
        Damage(
            "zero length",
            at: 0x28,
            littleEndian(UInt32(0)),
            .zeroLength,
            ends: first,
            message: "no further record at 0/100028"
        ),
        Damage(
            "short length",
            at: 0x28,
            littleEndian(UInt32(23)),
            .wrongLength(23),
            ends: first,
            message: "invalid record length: expected 24 to 1073741823, got 23 at 0/100028"
        ),
        Damage(
            "long length",
            at: 0x28,
            littleEndian(UInt32(1 << 30)),
            .wrongLength(1 << 30),
            ends: first,
            message: "invalid record length: expected 24 to 1073741823, got 1073741824 at 0/100028"
        ),
        Damage(
            "resource manager",
            at: 0x28 + 17,
            [22],
            .wrongResourceManager(22),
            ends: first,
            message: "invalid resource manager 22 at 0/100028"
        ),
        Damage(
            "first link",
            at: 0x28 + 8,
            littleEndian(first),
            .wrongPreviousRecord(LSN(rawValue: first)),
            ends: first,
            message: "record with incorrect link to a record before at 0/100028 at 0/100028"
        ),
        Damage(
            "link",
            at: 0x50 + 8,
            littleEndian(UInt64(8)),
            .wrongPreviousRecord(LSN(rawValue: 8)),
            ends: long,
            message: "record with incorrect link to a record before at 0/8 at 0/100050"
        ),
        Damage(
            "contents",
            at: 0x28 + 30,
            [0xAA],
            .wrongChecksum,
            ends: first,
            message: "incorrect checksum of a record at 0/100028"
        ),
        Damage(
            "contents on the second page",
            at: 0x2000 + 30,
            [0xAA],
            .wrongChecksum,
            ends: long,
            message: "incorrect checksum of a record at 0/100050"
        ),
        Damage(
            "empty page",
            at: 0x2000,
            [UInt8](repeating: 0, count: 16),
            .emptyPage,
            ends: long,
            fault: page,
            message: "no further page at 0/102000"
        ),
        Damage(
            "page magic",
            at: 0x2000,
            littleEndian(UInt16(0xD117)),
            .wrongPageMagic(0xD117),
            ends: long,
            fault: page,
            message: "unexpected page magic 0xD117 at 0/102000"
        ),
        Damage(
            "page flags",
            at: 0x2002,
            littleEndian(UInt16(0x11)),
            .wrongPageFlags(0x11),
            ends: long,
            fault: page,
            message: "unexpected page flags 0x11 at 0/102000"
        ),
        Damage(
            "short header of a segment",
            at: 2,
            [0],
            .wrongPageFlags(0),
            ends: 0x10_0000,
            message: "unexpected page flags 0x0 at 0/100000"
        ),
        Damage(
            "recycled page",
            at: 0x2008,
            littleEndian(UInt64(0x8000)),
            .recycledPage(address: LSN(rawValue: 0x8000)),
            ends: long,
            fault: page,
            message: "page of an earlier use of the file, for 0/8000 at 0/102000"
        ),
        Damage(
            "page address",
            at: 0x2008,
            littleEndian(UInt64(0x8000_0000)),
            .wrongPageAddress(LSN(rawValue: 0x8000_0000)),
            ends: long,
            fault: page,
            message: "unexpected page address 0/80000000 at 0/102000"
        ),
        Damage(
            "timeline",
            at: 0x2004,
            [2],
            .wrongTimeline(2),
            ends: long,
            fault: page,
            message: "page of timeline 2, which is not on the path at 0/102000"
        ),
        Damage(
            "timeline before",
            at: 0x2004,
            [0],
            .timelineGoesBack(0, after: 1),
            ends: long,
            fault: page,
            message: "page of timeline 0 after one of 1 at 0/102000"
        ),
        Damage(
            "segment size",
            at: 32,
            littleEndian(UInt32(16 << 20)),
            .wrongSegmentSize(16 << 20),
            ends: 0x10_0000,
            message: "page of a cluster with segments of 16777216 bytes at 0/100000"
        ),
        Damage(
            "page size",
            at: 36,
            littleEndian(UInt32(8_000)),
            .wrongPageSize(8_000),
            ends: 0x10_0000,
            message: "page of a server with pages of 8000 bytes: expected 8192 at 0/100000"
        ),
        Damage(
            "no continuation",
            at: 0x2002,
            [0],
            .missingContinuation,
            ends: long,
            fault: page,
            message: "page without the rest of a record that was begun at 0/102000"
        ),
        Damage(
            "continuation length",
            at: 0x2010,
            littleEndian(UInt32(77)),
            .wrongContinuationLength(77),
            ends: long,
            fault: page,
            message: "page with another length for the rest of a record: 77 at 0/102000"
        ),
    ]

    @Test(arguments: damages, [1, 100_000])
    func `ends where PostgreSQL would, and says why`(damage: Damage, piece: Int) throws {
        var segment = Self.sketch.segments[0].prefix(0x3000)
        segment.bytes.replaceSubrange(damage.offset..<damage.offset + damage.bytes.count, with: damage.bytes)
        var reader = WALReader(from: .firstRecord, segmentSize: Self.sketch.size, ancestors: [])
        try reader.begin(segment.name, size: Self.sketch.size)
        try reader.feed(segment.bytes, piece: piece) { _ in .next }
        #expect(reader.finish() == damage.end)
        #expect(reader.finish().description == damage.message)
        #expect(reader.status == .ended(damage.end))
    }

    @Test
    func `refuses a page of another cluster`() throws {
        let segment = Self.sketch.segments[0]
        var reader = WALReader(from: .firstRecord, segmentSize: Self.sketch.size, systemIdentifier: 5)
        try reader.begin(segment.name, size: Self.sketch.size)
        try reader.feed(segment.bytes.span) { _ in .next }
        #expect(reader.finish().reason == .wrongSystemIdentifier(7_000_000_000_000_000_000))
        #expect(reader.finish().meaning == .foreign)
        #expect(
            reader.finish().description
                == "page of another cluster, with system identifier 7000000000000000000 at 0/100000"
        )
    }

    @Test
    func `ends at a segment that was not fed whole`() throws {
        var sketch = WALSketch()
        sketch.filler(1_500_000)
        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        try reader.begin(sketch.segments[0].name, size: sketch.size)
        try reader.feed(sketch.segments[0].prefix(1_000).bytes, piece: 1_000) { _ in .next }
        #expect(reader.finish().reason == .inputEndsInsideRecord(received: 960))
        #expect(reader.finish().description == "end of input after 960 bytes of a record at 0/1003E8")
        try reader.begin(sketch.segments[1].name, size: sketch.size)
        #expect(reader.finish().reason == .segmentTooShort)
        #expect(reader.finish().position == LSN(rawValue: Self.first))
        #expect(reader.finish().description == "segment is shorter than the segment size at 0/1003E8")
    }

    @Test
    func `ends between two records without blame`() throws {
        var sketch = WALSketch()
        sketch.filler((1 << 20) - 0x28 - 29 - 128 * 24 + 24)
        let end = sketch.position
        #expect(end == sketch.size.start(of: 2), "\(end)")
        let (records, found) = try WALReaderTests.read(sketch.segments)
        #expect(records.count == 1)
        #expect(found == WALEnd(reason: .inputEnds, position: end, faultPosition: end))
        #expect(found.description == "end of input at 0/200000")
    }

    @Test
    func `ends where a page begins with the rest of a record that was not begun`() throws {
        var sketch = WALSketch()
        sketch.filler((1 << 20) - 0x28 - 29 - 128 * 24 + 24)
        sketch.commit(700, at: WALReaderTests.noon)
        var segments = sketch.segments
        segments[1].bytes[2] |= 1
        let (_, end) = try WALReaderTests.read(segments)
        #expect(end.reason == .unexpectedContinuation)
        #expect(end.description == "page with the rest of a record that was not begun at 0/200000")
    }

    @Test
    func `ends at a start inside of a page's header`() throws {
        let (_, end) = try WALReaderTests.read(Self.sketch.segments, from: .record(LSN(rawValue: 0x10_0020)))
        #expect(end.reason == .startInsidePageHeader)
        #expect(end.description == "position to start from lies inside a page header at 0/100020")
    }

    /// Right checksums over contents that no server writes.
    @Test(arguments: [[], [255, 3, 1, 2, 3], [255, 9, 0], [254, 0xFF, 0xFF, 0xFF, 0x7F], [99, 1], [0, 0x10, 0, 0]])
    func `ends at a commit that makes no sense`(parts: [UInt8]) throws {
        var sketch = WALSketch()
        let start = sketch.record(.transaction, info: 0x80, xid: 700, parts: parts)
        let (records, end) = try WALReaderTests.read(sketch.segments)
        #expect(records.isEmpty)
        #expect(end == WALEnd(reason: .malformedRecord, position: start, faultPosition: start))
        #expect(end.description == "record with contents that make no sense at 0/100028")
    }

    @Test(arguments: [UInt8(0x00), 0x10, 0x50, 0x70, 0x90])
    func `ends at a control record that is too short`(info: UInt8) throws {
        var sketch = WALSketch()
        sketch.record(.xlog, info: info, main: [1, 2, 3])
        #expect(try WALReaderTests.read(sketch.segments).end.reason == .malformedRecord)
    }

    /// No server writes such a record, so that what matters is one answer.
    @Test(arguments: [1, 24, 256, 65_536], [UInt8(0x40), 0x50])
    func `ends at a control record with its data far behind its beginning`(piece: Int, info: UInt8) throws {
        // The headers of a block with 250 bytes of data and of 8 bytes of main data, which lie behind byte 256.
        let headers: [UInt8] = [0, 0, 250, 0] + [UInt8](repeating: 0, count: 16) + [255, 8]
        var sketch = WALSketch()
        sketch.record(.xlog, info: info, parts: headers + [UInt8](repeating: 0, count: 258))
        let (records, end) = try WALReaderTests.read(sketch.segments, piece: piece)
        #expect(records.isEmpty)
        #expect(end.reason == .malformedRecord)
    }

    /// Nothing is allocated by the length that a record claims.
    @Test
    func `waits for a record of a gigabyte without room for it`() throws {
        var segment = Self.sketch.segments[0].prefix(0x2000)
        segment.bytes.replaceSubrange(0x50..<0x54, with: littleEndian(UInt32(0x3FFF_FFFF)))
        let (_, end) = try Self.readPart(segment)
        #expect(end.reason == .inputEndsInsideRecord(received: 0x2000 - 0x50))
        #expect(end.meaning == .inputEnds)
    }

    static func readPart(_ segment: WALSketch.Segment) throws -> (Int, WALEnd) {
        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        var count = 0
        try reader.begin(segment.name, size: sketch.size)
        try reader.feed(segment.bytes.span) { _ in
            count += 1
            return .next
        }
        return (count, reader.finish())
    }

    @Test(arguments: [
        (WALEnd.Reason.zeroLength, WALEnd.Meaning.writingStopped), (.emptyPage, .writingStopped),
        (.recycledPage(address: LSN(rawValue: 0)), .writingStopped), (.inputEnds, .inputEnds),
        (.wrongChecksum, .damaged), (.wrongTimeline(2), .foreign), (.wrongPageSize(1), .foreign),
    ])
    func `tells what kind of end it is`(reason: WALEnd.Reason, meaning: WALEnd.Meaning) {
        let zero = LSN(rawValue: 0)
        #expect(WALEnd(reason: reason, position: zero, faultPosition: zero).meaning == meaning)
    }
}
