import PostgresWAL
import TestSupport
import Testing

struct WALErrorTests {
    /// The first page of a segment with another beginning.
    static func read(_ offset: Int, _ bytes: [UInt8]) throws(WALError) {
        var sketch = WALSketch()
        sketch.filler(100)
        var page = Array(sketch.segments[0].bytes.prefix(8_192))
        page.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        try reader.beginSegment(1, timeline: 1)
        try reader.feed(page.span) { _ in .next }
    }

    @Test(
        arguments: [
            (0xD101, "PostgreSQL 12"), (0xD098, "PostgreSQL 11"), (0xD097, "PostgreSQL 10"), (0xD093, "PostgreSQL 9.6"),
            (0xD087, "PostgreSQL 9.5"), (0xD07E, "PostgreSQL 9.4 or older"), (0xD119, "PostgreSQL 19 or newer"),
        ] as [(UInt16, String)]
    )
    func `names releases that it cannot read`(magic: UInt16, release: String) {
        let error = #expect(throws: WALError.self) { try Self.read(0, littleEndian(magic)) }
        #expect(error?.kind == .unsupportedRelease(pageMagic: magic))
        let digits = String(magic, radix: 16, uppercase: true)
        #expect(
            error?.description
                == "\(release) wrote the WAL at 0/100000 (page magic 0x\(digits)): expected PostgreSQL 13 to 18"
        )
    }

    @Test
    func `names WAL of the other byte order`() {
        let swapped: [UInt8] = [0xD1, 0x18, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x10, 0, 0]
        let error = #expect(throws: WALError.self) { try Self.read(0, swapped) }
        #expect(error?.description == "big-endian WAL at 0/100000: expected little-endian")
    }

    @Test
    func `names pages of another size`() {
        let error = #expect(throws: WALError.self) { try Self.read(36, littleEndian(UInt32(32_768))) }
        #expect(error?.description == "WAL pages of 32768 bytes at 0/100000: expected 8192")
    }

    @Test
    func `wants segments in order, and no more bytes than they have`() throws {
        var sketch = WALSketch()
        sketch.switchSegment()
        let bytes = sketch.segments[0].bytes

        var reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        let early = #expect(throws: WALError.self) { try reader.feed(bytes, piece: bytes.count) { _ in .next } }
        #expect(early?.description == "bytes of WAL at 0/0 without a segment")

        reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        let far = #expect(throws: WALError.self) { try reader.beginSegment(.max, timeline: 1) }
        #expect(far?.description == "no WAL segment lies so far from the beginning")

        reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        try reader.beginSegment(1, timeline: 1)
        try reader.feed(bytes.span) { _ in .next }
        let disorder = try #require(
            #expect(throws: WALError.self) { try reader.beginSegment(3, timeline: 1) }
        )
        #expect(disorder.description == "WAL segment at 0/300000 is not the one that comes next")
        // The same error again, whatever is asked next.
        #expect(throws: disorder) { try reader.beginSegment(2, timeline: 1) }
        #expect(throws: disorder) { try reader.feed(bytes, piece: bytes.count) { _ in .next } }

        reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        try reader.beginSegment(1, timeline: 1)
        let long = try #require(
            #expect(throws: WALError.self) { try reader.feed(bytes + [0], piece: bytes.count + 1) { _ in .next } }
        )
        #expect(long.description == "WAL segment at 0/100000 has more bytes than the segment size")

        // The header of the second page lies in two pieces when the surplus arrives.
        reader = WALReader(from: .firstRecord, segmentSize: sketch.size)
        try reader.beginSegment(1, timeline: 1)
        try reader.feed(bytes.span.extracting(first: 10)) { _ in .next }
        let surplus = Array(bytes.dropFirst(10)) + [0]
        #expect(throws: long) { try reader.feed(surplus, piece: surplus.count) { _ in .next } }
    }

    @Test(arguments: [0x10_0004, 0x10_0008, 0x20_0028, 0x28] as [UInt64])
    func `wants a start where a record can begin`(position: UInt64) {
        var reader = WALReader(from: .record(LSN(rawValue: position)), segmentSize: WALFixture.size)
        let error = #expect(throws: WALError.self) { try reader.beginSegment(1, timeline: 1) }
        #expect(
            error?.description
                == "no record can begin at \(LSN(rawValue: position)) in the first WAL segment"
        )
    }
}
