import PostgresWAL
import TestSupport
import Testing

struct CRC32CTests {
    @Test(arguments: [("", 0), ("123456789", 0xE306_9283), ("a", 0xC1D0_4330)])
    func `gives the published checksums`(text: String, checksum: UInt32) {
        for usesInstruction in Set([false, CRC32C.hasInstruction]) {
            var crc = CRC32C(usesInstruction: usesInstruction)
            crc.add(unsafe Array(text.utf8).span.bytes)
            #expect(crc.checksum == checksum)
        }
    }

    @Test
    func `instruction, tables and definition agree, in any pieces`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        for count in 0...bytes.count {
            for usesInstruction in Set([false, CRC32C.hasInstruction]) {
                var crc = CRC32C(usesInstruction: usesInstruction)
                let span = bytes.span
                crc.add(unsafe span.extracting(0..<count / 3).bytes)
                crc.add(unsafe span.extracting(count / 3..<count).bytes)
                #expect(crc.checksum == crc32c(of: Array(bytes.prefix(count))))
            }
        }
    }

    /// Long ones are cut into lanes, and those longer than 384 bytes in several turns.
    @Test(arguments: [143, 144, 145, 383, 384, 385, 527, 528, 529, 1_000, 8_159, 8_160, 8_161, 8_400, 30_001])
    func `long pieces agree as well`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
        for usesInstruction in Set([false, CRC32C.hasInstruction]) {
            var crc = CRC32C(usesInstruction: usesInstruction)
            crc.add(unsafe bytes.span.bytes)
            #expect(crc.checksum == crc32c(of: bytes))
        }
    }

    /// What lies behind a record up to the next multiple of eight must not count.
    @Test
    func `records are right up to the first of which a byte was changed, or the last is missing`() {
        for length in Array(24...400) + [8_000, 8_191, 8_992] {
            let paddedLength = (length + 7) & ~7
            let record = record(ofLength: length)
            let records = record + record
            let cut = Array(records.dropLast())
            for usesInstruction in Set([false, CRC32C.hasInstruction]) {
                let crc = CRC32C(usesInstruction: usesInstruction)
                #expect(unsafe crc.rightRecords(in: records.span.bytes) == 2 * paddedLength)
                #expect(unsafe crc.rightRecords(in: cut.span.bytes) == paddedLength)
                for index in [4, 19, 20, 23, 24, length / 2, length - 1] where index >= 4 && index < length {
                    var changed = records
                    changed[paddedLength + index] ^= 0x10
                    #expect(unsafe crc.rightRecords(in: changed.span.bytes) == paddedLength)
                    changed[index] ^= 0x01
                    #expect(unsafe crc.rightRecords(in: changed.span.bytes) == 0)
                }
            }
        }
    }

    @Test(arguments: [0, 1, 23, UInt32.max - 7, UInt32.max])
    func `a length that cannot be is no right record`(length: UInt32) {
        var bytes = record(ofLength: 64)
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
        for usesInstruction in Set([false, CRC32C.hasInstruction]) {
            let crc = CRC32C(usesInstruction: usesInstruction)
            #expect(unsafe crc.rightRecords(in: bytes.span.bytes) == 0)
        }
    }

    /// A record of nonsense, but for its length and its checksum, with nonsense behind it up to a multiple of eight.
    private func record(ofLength length: Int) -> [UInt8] {
        var bytes = (0..<(length + 7) & ~7).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        let checksum = crc32c(of: Array(bytes[24..<length] + bytes[..<20]))
        for index in 0..<4 { bytes[20 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
        return bytes
    }

    @Test(arguments: WALFixture.majors)
    func `WAL reads the same without the instruction`(major: Int) throws {
        let fixture = try WALFixture(major: major, timeline: 2)
        var reader = WALReader(
            from: .firstRecord,
            segmentSize: WALFixture.size,
            ancestors: [1],
            systemIdentifier: nil,
            crc: CRC32C(usesInstruction: false)
        )
        var lines: [WaldumpLine] = []
        for segment in fixture.segments {
            try reader.begin(segment.name, size: WALFixture.size)
            try reader.feed(segment.bytes, piece: 10_000) { record in
                lines.append(WaldumpLine(record))
                return .next
            }
        }
        #expect(lines == fixture.lines)
    }
}
