/// Reads the times of a listing, in which most objects were written on the same day as the one before.
struct DayCache {
    /// `2026-11-20T` of the last time, as its first and its last eight bytes.
    private var date: (UInt64, UInt64) = (0, 0)
    /// When that day began, in microseconds since 1970-01-01 00:00:00 UTC.
    private var start: Int64 = 0

    /// The time that a text of RFC 3339 tells, in microseconds since 1970-01-01 00:00:00 UTC, nil where it is none.
    mutating func microseconds(of text: Span<UInt8>) -> Int64? {
        guard let time = Self.timeOfDay(text) else { return Timestamp(rfc3339: text)?.microseconds }
        // Safe: the text has at least 20 bytes.
        let date = unsafe (
            text.bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
            text.bytes.unsafeLoadUnaligned(fromByteOffset: 3, as: UInt64.self)
        )
        if date == self.date { return start + time }
        guard let whole = Timestamp(rfc3339: text)?.microseconds else { return nil }
        self.date = date
        start = whole - time
        return whole
    }

    /// The time of day in `2026-11-20T20:30:00Z` or `2026-11-20T20:30:00.000Z`, in microseconds; nil in every other
    /// form and in a leap second, which belongs to the next day.
    private static func timeOfDay(_ text: Span<UInt8>) -> Int64? {
        guard text.count == 20 || text.count == 24, text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), text[text.count - 1] == UInt8(ascii: "Z"),
            let hour = number(text, 11..<13), let minute = number(text, 14..<16), let second = number(text, 17..<19),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let seconds = (hour * 3600 + minute * 60 + second) * 1_000_000
        guard text.count == 24 else { return seconds }
        guard text[19] == UInt8(ascii: "."), let fraction = number(text, 20..<23) else { return nil }
        return seconds + fraction * 1000
    }

    @inline(__always)
    private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        var value: Int64 = 0
        for index in range {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }
}
