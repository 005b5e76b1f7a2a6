import BarmanCatalog
import ObjectStorage
import PostgresWAL
import Testing

@testable import BarmanAudit

struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("example-db", 10), ("größe", 5), ("gro\u{308}ße", 5), ("データ", 6), ("数据库-1", 8), ("서버", 4), ("🐘", 2),
        ("━▶╳", 3),
        ("ﾃﾞｰﾀ", 3), ("\u{4E00}", 2), ("\u{9FFF}", 2), ("\u{A4D0}", 1), ("\u{20000}", 2),
    ])
    func `a text is as wide as a terminal draws it`(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test(arguments: ["srv", "データベース", "é", "a/データ/b"])
    func `the title of a server is as wide as asked for`(name: String) throws {
        let catalog = BackupCatalog(
            name: name,
            prefix: ObjectKey("\(name)/"),
            wal: WALInventory(runs: [], segmentSize: .standard)
        )
        let report = Auditor(AuditOptions(now: TimestampTZ(rawValue: 0))).audit(catalog)
        let title = ServerText(report, now: TimestampTZ(rawValue: 0), style: TextStyle(width: 80)).lines([])[0]
        #expect(title.displayWidth == 80)
    }

    @Test
    func `cells line up behind wide ones`() {
        var table = TextTable([.text("name"), .text("x")])
        table.append(["データ", "1"])
        table.append(["srv", "2"])
        #expect(table.lines(style: TextStyle(width: 80)) == ["name    x", "データ  1", "srv     2"])
    }
}
