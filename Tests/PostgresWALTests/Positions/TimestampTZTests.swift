import PostgresWAL
import Testing

struct TimestampTZTests {
    static let day: Int64 = 86_400 * 1_000_000

    @Test(arguments: [
        (Int64(0), "2000-01-01T00:00:00Z"),
        (1, "2000-01-01T00:00:00.000001Z"),
        (-1, "1999-12-31T23:59:59.999999Z"),
        (59 * day, "2000-02-29T00:00:00Z"),
        (60 * day, "2000-03-01T00:00:00Z"),
        (-10_957 * day, "1970-01-01T00:00:00Z"),
        (848_522_737_780_000, "2026-11-20T20:45:37.780000Z"),
        (-730_485 * day, "0000-01-01T00:00:00Z"),
        (2_921_939 * day, "9999-12-31T00:00:00Z"),
        (2_921_940 * day, "10000-01-01T00:00:00Z"),
        (-730_486 * day, "-0001-12-31T00:00:00Z"),
    ])
    func `prints RFC 3339 in UTC`(value: Int64, text: String) {
        #expect(TimestampTZ(rawValue: value).description == text)
    }

    @Test(arguments: [
        (Int64.min, "-290278-12-22T19:59:05.224192Z"), (.max, "294277-01-09T04:00:54.775807Z"),
    ])
    func `prints even the first and the last that the type holds`(value: Int64, text: String) {
        #expect(TimestampTZ(rawValue: value).description == text)
    }

    @Test(arguments: [
        (Int64(0), Int64(-946_684_800_000_000)), (946_684_800_000_000, 0), (.max, 9_222_425_352_054_775_807),
        (.min, .min), (-9_223_000_000_000_000_000, .min),
    ])
    func `counts from 1970 as stores do`(unix: Int64, value: Int64) {
        #expect(TimestampTZ(unixMicroseconds: unix).rawValue == value)
    }

    @Test
    func `goes back to 1970 without a trap`() {
        #expect(TimestampTZ(rawValue: 0).unixMicroseconds == 946_684_800_000_000)
        #expect(TimestampTZ(rawValue: .max).unixMicroseconds == .max)
        #expect(TimestampTZ(rawValue: .min).unixMicroseconds == .min + 946_684_800_000_000)
    }

    @Test(arguments: [
        (Int64(10), Int64(-3), Int64(7)), (.max, 1, .max), (.min, -1, .min), (.min, .max, -1),
    ])
    func `adding stops at the ends of the type`(value: Int64, added: Int64, sum: Int64) {
        #expect(TimestampTZ(rawValue: value).adding(microseconds: added).rawValue == sum)
    }

    @Test
    func `the seconds between the ends of the type are a number`() {
        let (first, last) = (TimestampTZ(rawValue: .min), TimestampTZ(rawValue: .max))
        #expect(last.seconds(since: first) > 1.8e13)
        #expect(TimestampTZ(rawValue: 2_500_000).seconds(since: TimestampTZ(rawValue: 3_000_000)) == -0.5)
        #expect(first < last)
    }
}
