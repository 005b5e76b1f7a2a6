import PostgresWAL
import TestSupport
import Testing

struct TimelineHistoryTests {
    private func parse(_ text: String, of timeline: TimelineID = 9) throws -> TimelineHistory {
        try TimelineHistory(parsing: Array(text.utf8), of: timeline)
    }

    @Test(arguments: [TimelineID(rawValue: 2), 3, 4])
    func `reads the files that PostgreSQL wrote`(timeline: TimelineID) throws {
        let bytes = try Fixture("postgres/\(timeline.historyFileName)").bytes()
        let history = try TimelineHistory(parsing: bytes, of: timeline)
        #expect(history.timeline == timeline)
        #expect(history.entries.map(\.timeline.rawValue) == Array(1..<timeline.rawValue))
        #expect(history.entries.map(\.switchPoint).sorted() == history.entries.map(\.switchPoint))
        #expect(history.entries[0].reason == "no recovery target specified")
    }

    @Test
    func `keeps PostgreSQL's reasons word by word`() throws {
        let bytes = try Fixture("postgres/00000004.history").bytes()
        let reasons = try TimelineHistory(parsing: bytes, of: 4).entries.map(\.reason)
        #expect(reasons[1].hasPrefix("before 20"))
        #expect(reasons[2] == "at restore point \"before the release\"")
    }

    @Test(arguments: [
        "1\t0/5000\treason",
        "1 0/5000 reason",
        "  1 \t 0/5000 \t reason  ",
        "\n\n1\t0/5000\treason\n\n",
        "# comment\n1\t0/5000\treason",
        "  # comment\n1\t0/5000\treason\r\n",
    ])
    func `white space and comments do not matter`(text: String) throws {
        let wanted = TimelineHistory.Entry(timeline: 1, switchPoint: LSN(rawValue: 0x5000), reason: "reason")
        #expect(try parse(text).entries == [wanted])
    }

    @Test
    func `a reason may be missing, and need not be UTF-8`() throws {
        #expect(try parse("1\t0/5000").entries[0].reason == "")
        let bytes = Array("1\t0/5000\t".utf8) + [0xFF, 0x41]
        #expect(try TimelineHistory(parsing: bytes, of: 2).entries[0].reason == "\u{FFFD}A")
    }

    @Test(arguments: [
        ("", TimelineHistoryError.Kind.empty, 0),
        ("\n\n", .empty, 0),
        ("# only a comment\n", .empty, 0),
        ("garbage", .syntax, 1),
        ("\0\0\0\0", .syntax, 1),
        ("1", .syntax, 1),
        ("1\treason", .syntax, 1),
        ("x\t0/5000\treason", .syntax, 1),
        ("-1\t0/5000\treason", .syntax, 1),
        ("4294967296\t0/5000\treason", .syntax, 1),
        ("1\t0-5000\treason", .syntax, 1),
        ("1\t0/123456789\treason", .syntax, 1),
        ("0\t0/5000\treason", .syntax, 1),
        ("1\t0/5000\ta\n\n# b\nc", .syntax, 4),
        ("2\t0/5000\ta\n1\t0/6000\tb", .notAscending, 2),
        ("1\t0/5000\ta\n1\t0/6000\tb", .notAscending, 2),
        ("9\t0/5000\ta", .notLower, 1),
        ("1\t0/5000\ta\n10\t0/6000\tb", .notLower, 2),
        ("1\t0/6000\ta\n2\t0/5000\tb", .switchPointGoesBack, 2),
    ])
    func `says what is wrong and in which line`(text: String, kind: TimelineHistoryError.Kind, line: Int) {
        let error = #expect(throws: TimelineHistoryError.self) { try parse(text) }
        #expect(error?.kind == kind)
        #expect(error?.line == line)
    }

    @Test(arguments: [
        ("", "it names no ancestor"),
        ("x", "line 1 is not 'timeline switchpoint reason'"),
        ("2 0/1\n1 0/2", "line 2 has a timeline not greater than the one before"),
        ("\n9 0/1", "line 2 has a timeline not lower than the file's own"),
        ("1 0/2\n2 0/1", "line 2 has a switch point before the one above"),
    ])
    func `the message names the line`(text: String, message: String) {
        let error = #expect(throws: TimelineHistoryError.self) { try parse(text) }
        #expect(error?.description == message)
    }

    @Test
    func `two ancestors may be left at the same position`() throws {
        #expect(try parse("1\t0/5000\ta\n2\t0/5000\tb").entries.count == 2)
    }

    @Test
    func `every prefix of a real file is read or refused`() throws {
        let bytes = try Fixture("postgres/00000004.history").bytes()
        for count in bytes.indices {
            do throws(TimelineHistoryError) {
                let history = try TimelineHistory(parsing: Array(bytes.prefix(count)), of: 4)
                #expect(history.entries.count <= 3)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}
