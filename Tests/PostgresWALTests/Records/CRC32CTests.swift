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
