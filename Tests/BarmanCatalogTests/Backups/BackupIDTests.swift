import BarmanCatalog
import Testing

struct BackupIDTests {
    @Test(arguments: [
        ("20261120T204537", true), ("99999999T999999", true), ("20261120t204537", false), ("20261120T20453", false),
        ("20261120T2045377", false), ("", false), ("2026112OT204537", false), ("20261120T2045a7", false),
    ])
    func `knows the form that Barman gives`(text: String, isWellFormed: Bool) {
        #expect(BackupID(text).isWellFormed == isWellFormed)
    }

    @Test
    func `is ordered by its bytes`() {
        #expect(BackupID("20261120T204537") < BackupID("20261120T204538"))
        #expect(BackupID("A") < BackupID("a"))
        #expect(BackupID("z") < BackupID(bytes: [0xFF]))
    }

    @Test
    func `prints so that a terminal does not obey`() {
        #expect(BackupID("\u{1B}[2J").description == "\\u{1B}[2J")
        #expect(BackupID(bytes: [0x41, 0xFF]).description == "A\\xFF")
    }
}
