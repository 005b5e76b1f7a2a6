import PostgresWAL
import Testing

struct TimestampTZParsingTests {
    @Test(arguments: [
        ("2026-11-20T20:45:37Z", "2026-11-20T20:45:37Z"),
        ("2026-11-20t20:45:37z", "2026-11-20T20:45:37Z"),
        ("2026-11-20 20:45:37.78+00", "2026-11-20T20:45:37.780000Z"),
        ("2026-11-20 20:45:37.78+00:00", "2026-11-20T20:45:37.780000Z"),
        ("2026-11-20 20:45:37.780001-00:00", "2026-11-20T20:45:37.780001Z"),
        ("2026-11-20 20:45:37.000001Z", "2026-11-20T20:45:37.000001Z"),
        ("2026-11-20T20:45:37+0530", "2026-11-20T15:15:37Z"),
        ("2026-11-20T20:45:37+05:30", "2026-11-20T15:15:37Z"),
        ("2026-11-20T20:45:37-03:30", "2026-11-21T00:15:37Z"),
        ("2026-12-31T23:59:59-01", "2027-01-01T00:59:59Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ])
    func `reads what PostgreSQL, Barman and RFC 3339 write`(text: String, time: String) {
        let parsed = TimestampTZ.parse(text)
        #expect(parsed?.time.description == time)
        #expect(parsed?.hasOffset == true)
    }

    @Test
    func `a time without an offset says so`() {
        let parsed = TimestampTZ.parse("2026-11-20 20:45:37.5")
        #expect(parsed?.time.description == "2026-11-20T20:45:37.500000Z")
        #expect(parsed?.hasOffset == false)
    }

    @Test(arguments: [
        "", "now", "infinity", "2026", "2026-11", "2026-11-20", "2026-11-20T", "2026-11-20T20", "2026-11-20T20:45",
        "026-11-20T20:45:37Z", "12026-11-20T20:45:37Z", "-026-11-20T20:45:37Z", "2026/11/20T20:45:37Z",
        "2026-1-20T20:45:37Z", "2026-00-20T20:45:37Z", "2026-13-20T20:45:37Z", "2026-11-00T20:45:37Z",
        "2026-11-31T20:45:37Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-2T20:45:37Z",
        "2026-11-20_20:45:37Z", "2026-11-20  20:45:37Z", "2026-11-20T24:00:00Z", "2026-11-20T20:60:37Z",
        "2026-11-20T20:45:60Z", "2026-11-20T20:45:37.Z", "2026-11-20T20:45:37.1234567Z", "2026-11-20T20:45:37,5Z",
        "2026-11-20T20:45:37 Z", "2026-11-20T20:45:37ZZ", "2026-11-20T20:45:37+", "2026-11-20T20:45:37+1",
        "2026-11-20T20:45:37+1:00", "2026-11-20T20:45:37+16", "2026-11-20T20:45:37+01:", "2026-11-20T20:45:37+01:6",
        "2026-11-20T20:45:37+01:60", "2026-11-20T20:45:37+01:00:00", "2026-11-20T20:45:37 UTC",
        "2026-11-20T20:45:37 Europe/Berlin", " 2026-11-20T20:45:37Z", "2026-11-20T20:45:37Z ", "2026-11-20T２0:45:37Z",
    ])
    func `refuses every other text`(text: String) {
        #expect(TimestampTZ.parse(text) == nil)
    }

    /// The civil calendar told by hand: month lengths and the leap year rule, and nothing of the type under test.
    @Test
    func `every day from 1890 to 2410 is the one behind the day before`() {
        var (year, month, day) = (1890, 1, 1)
        var wanted = TimestampTZ.parse("1890-01-01T12:00:00Z")?.time ?? TimestampTZ(rawValue: 0)
        let text = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        while year < 2410 {
            let spelled = "\(year)-\(text(month))-\(text(day))T12:00:00Z"
            let time = TimestampTZ.parse(spelled)?.time
            guard time == wanted, time?.description == spelled else {
                Issue.record("\(spelled) came out as \(String(describing: time))")
                return
            }
            wanted = wanted.adding(microseconds: TimestampTZTests.day)
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }
}
