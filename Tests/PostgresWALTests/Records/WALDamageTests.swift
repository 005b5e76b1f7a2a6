import PostgresWAL
import TestSupport
import Testing

/// Cuts and flips bytes of real WAL: whatever comes, reading ends, and gives out nothing that was not written.
struct WALDamageTests {
    /// The first pages of the segment that a promotion made: pages of two timelines, and records across pages.
    static func pages() throws -> (name: WALSegmentName, bytes: [UInt8], records: [WALRecord]) {
        let fixture = try WALFixture(major: 18, timeline: 2)
        let segment = fixture.segments[0]
        let bytes = Array(segment.bytes.prefix(4 * WALPageHeader.pageSize))
        return (segment.name, bytes, try read(segment.name, bytes).records)
    }

    static func read(_ name: WALSegmentName, _ bytes: [UInt8]) throws -> (records: [WALRecord], end: WALEnd) {
        var reader = WALReader(from: .firstRecord, segmentSize: WALFixture.size, ancestors: [1])
        var records: [WALRecord] = []
        try reader.begin(name, size: WALFixture.size)
        try reader.feed(bytes.span) { record in
            records.append(record)
            return .next
        }
        return (records, reader.finish())
    }

    /// As the reader waits for more after every byte, one pass sees every prefix.
    @Test
    func `every prefix ends where its bytes do`() throws {
        let (name, bytes, records) = try Self.pages()
        try #require(records.count > 200)
        var reader = WALReader(from: .firstRecord, segmentSize: WALFixture.size, ancestors: [1])
        try reader.begin(name, size: WALFixture.size)
        let start = WALFixture.size.start(of: WALFixture.size.segmentNumber(of: records[0].start)).rawValue
        var seen = 0
        for (index, byte) in bytes.enumerated() {
            try reader.feed([byte].span) { record in
                #expect(record == records[seen])
                seen += 1
                return .next
            }
            let end = reader.finish()
            let bytesEnd = start + UInt64(index) + 1
            #expect(end.position.rawValue <= bytesEnd)
            #expect(end.meaning == .inputEnds)
            if seen > 0 { #expect(end.position >= records[seen - 1].start) }
            guard case .inputEndsInsideRecord(let received) = end.reason else { continue }
            #expect(received > 0 && end.position.rawValue + UInt64(received) <= bytesEnd)
        }
        #expect(seen == records.count)
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func `a flipped byte ends the WAL or changes nothing`(shard: Int) throws {
        try Self.flip(stride(from: shard * 13, to: 4 * WALPageHeader.pageSize, by: 5 * 13), with: [0xFF, 0x01])
    }

    @Test(.tags(.long), arguments: 0..<8)
    func `every flipped bit ends the WAL or changes nothing`(bit: Int) throws {
        try Self.flip(stride(from: bit, to: 4 * WALPageHeader.pageSize, by: 8), with: (0..<8).map { 1 << $0 })
    }

    /// Flips bits at each of these offsets, one at a time.
    static func flip(_ offsets: some Sequence<Int>, with masks: [UInt8]) throws {
        let (name, bytes, records) = try pages()
        let start = WALFixture.size.start(of: WALFixture.size.segmentNumber(of: records[0].start)).rawValue
        for offset in offsets {
            for mask in masks {
                var damaged = bytes
                damaged[offset] ^= mask
                let found: [WALRecord]
                do {
                    found = try read(name, damaged).records
                } catch let error as WALError {
                    // Only the first page can say that it is of a release that cannot be read.
                    try #require(offset < 40, "\(error)")
                    continue
                }
                // What was written, up to the damage; never anything else, and nothing before the damage is lost.
                let isPrefix = found == Array(records.prefix(found.count))
                try #require(isPrefix, "byte \(offset), mask \(mask)")
                let before = records.count { $0.end.rawValue <= start + UInt64(offset) / 8192 * 8192 }
                try #require(found.count >= before, "byte \(offset), mask \(mask)")
            }
        }
    }
}
