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

    /// Long ones are cut into lanes, and those longer than a page in several turns.
    @Test(arguments: [143, 144, 145, 1_000, 8_159, 8_160, 8_161, 8_400, 30_001])
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
    func `the checksum of a record is that of its rest and then of its header`() {
        let bytes = (0..<9_000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
        for length in Array(24...400) + [8_000, 8_191, 8_992] {
            let wanted = crc32c(of: Array(bytes[8 + 24..<8 + length] + bytes[8..<8 + 20]))
            for usesInstruction in Set([false, CRC32C.hasInstruction]) {
                let crc = CRC32C(usesInstruction: usesInstruction)
                #expect(unsafe crc.ofRecord(in: bytes.span.bytes, at: 8, length: length) == wanted)
            }
        }
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
