import PostgresWAL
import Testing

struct WALFileNameTests {
    static let segment = WALSegmentName(timeline: 0x1A, log: 0xB, segment: 0xFF)

    @Test(arguments: [
        ("0000001A0000000B000000FF", WALFileName.Kind.segment(segment)),
        ("0000001A0000000B000000FF.partial", .partial(segment)),
        ("0000001A0000000B000000FF.00000028.backup", .backupHistory(segment, offset: 0x28)),
        ("0000001A.history", .timelineHistory(0x1A)),
    ])
    func `reads what PostgreSQL archives, in both cases`(text: String, kind: WALFileName.Kind) {
        let upper = WALFileName(Array(text.utf8))
        #expect(upper?.kind == kind)
        #expect(upper?.isUpperCase == true)

        let suffix = text.drop { $0.isHexDigit }
        let lower = WALFileName(Array((text.dropLast(suffix.count).lowercased() + suffix).utf8))
        #expect(lower?.kind == kind)
        #expect(lower?.isUpperCase == false)
    }

    @Test
    func `a lower-case digit anywhere counts, even in the offset`() {
        #expect(WALFileName(Array("00000001000000000000000A.0000002a.backup".utf8))?.isUpperCase == false)
        #expect(WALFileName(Array("00000001000000000000000A.00000028.backup".utf8))?.isUpperCase == true)
    }

    @Test(arguments: [
        "", "0", "00000001", "0000000100000000", "00000001.histor", "00000001.historyy", "00000001.HISTORY",
        "0000000G.history", "00000001_history", "00000001000000000000000", "0000000100000000000000000",
        "000000010000000000000001.", "000000010000000000000001.partia", "000000010000000000000001.partiall",
        "000000010000000000000001.Partial", "000000010000000000000001-partial", "000000010000000000000001.backup",
        "000000010000000000000001.0000028.backup", "000000010000000000000001.0000002G.backup",
        "000000010000000000000001.00000028_backup", "000000010000000000000001_00000028.backup",
        "000000010000000000000001.00000028.backups", "000000010000000000000001.gz", " 00000001000000000000001",
        "００００００01.history",
    ])
    func `refuses every other name`(text: String) {
        #expect(WALFileName(Array(text.utf8)) == nil)
    }

    @Test
    func `no byte beside the digits passes for one`() {
        for byte in UInt8.min...UInt8.max {
            var name = Array("000000010000000000000001".utf8)
            name[11] = byte
            let isDigit = Unicode.Scalar(byte).properties.isASCIIHexDigit
            #expect((WALFileName(name) != nil) == isDigit)
        }
    }
}
