/// A point in time, in microseconds since 1970-01-01 00:00:00 UTC, as headers and listings write it.
struct Timestamp: Hashable, Comparable, Sendable {
    var microseconds: Int64

    init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    init(seconds: Int64) {
        // Saturating: a time from outside may lie anywhere.
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        microseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Whole seconds since 1970-01-01 00:00:00 UTC.
    var seconds: Int64 {
        Self.floor(microseconds, by: 1_000_000)
    }

    /// The form of a signature: `20261120T203000Z`.
    var basicFormat: String {
        let day = Self.floor(seconds, by: 86400)
        let second = seconds - day * 86400
        let (year, month, dayOfMonth) = Self.date(ofDay: day)
        return digits(year, 4) + digits(month, 2) + digits(dayOfMonth, 2) + "T"
            + digits(second / 3600, 2) + digits(second / 60 % 60, 2) + digits(second % 60, 2) + "Z"
    }

    /// Reads `2026-11-20T20:30:00.000Z` as listings write it: any number of fraction digits, always UTC.
    init?(rfc3339 text: Span<UInt8>) {
        var scanner = Scanner(text)
        guard let year = scanner.number(digits: 4), scanner.take("-"),
            let month = scanner.number(digits: 2), scanner.take("-"),
            let day = scanner.number(digits: 2), scanner.take("T"),
            let time = scanner.timeOfDay(),
            let fraction = scanner.fraction(),
            scanner.take("Z") || scanner.take("+00:00"), scanner.isAtEnd,
            let seconds = Self.seconds(year: year, month: month, day: day, time: time)
        else { return nil }
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Reads `Fri, 20 Nov 2026 20:30:00 GMT`, the form of a date header that is in use, and the two that RFC 9110 (5.6.7)
    /// has a recipient accept as well: `Friday, 20-Nov-26 20:30:00 GMT` and `Fri Nov 20 20:30:00 2026`.
    init?(httpDate text: String) {
        let bytes = Array(text.utf8)
        guard let seconds = Self.seconds(ofDate: bytes.span) ?? Self.seconds(ofAscTime: bytes.span) else { return nil }
        self.init(seconds: seconds)
    }

    private static func seconds(ofDate bytes: Span<UInt8>) -> Int64? {
        var scanner = Scanner(bytes)
        guard scanner.skip(through: ","), scanner.take(" "), let day = scanner.number(digits: 2) else { return nil }
        let isOld = scanner.take("-")
        guard isOld || scanner.take(" "), let month = scanner.month(), scanner.take(isOld ? "-" : " "),
            var year = scanner.number(digits: isOld ? 2 : 4), scanner.take(" "),
            let time = scanner.timeOfDay(), scanner.take(" GMT"), scanner.isAtEnd
        else { return nil }
        // Two digits are of this century: no store is older.
        if isOld { year += 2000 }
        return seconds(year: year, month: month, day: day, time: time)
    }

    private static func seconds(ofAscTime bytes: Span<UInt8>) -> Int64? {
        var scanner = Scanner(bytes)
        guard scanner.skip(through: " "), let month = scanner.month(), scanner.take(" "),
            let day = scanner.take(" ") ? scanner.number(digits: 1) : scanner.number(digits: 2), scanner.take(" "),
            let time = scanner.timeOfDay(), scanner.take(" "), let year = scanner.number(digits: 4), scanner.isAtEnd
        else { return nil }
        return seconds(year: year, month: month, day: day, time: time)
    }

    private static func seconds(year: Int64, month: Int64, day: Int64, time: Int64) -> Int64? {
        guard year >= 1, (1...12).contains(month), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[Int(month) - 1] else { return nil }
        return self.day(year: year, month: month, day: day) * 86400 + time
    }

    /// Days since 1970-01-01, by Howard Hinnant's algorithm, which counts years from March in eras of 400.
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The other way round.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// Divides towards minus infinity.
    private static func floor(_ value: Int64, by divisor: Int64) -> Int64 {
        value % divisor < 0 ? value / divisor - 1 : value / divisor
    }

    private func digits(_ value: Int64, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}

/// Reads the parts of a date from left to right.
private struct Scanner: ~Escapable {
    private let bytes: Span<UInt8>
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    @_lifetime(self: copy self)
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - offset >= count, bytes.extracting(offset..<(offset + count)).isEqual(text) else {
            return false
        }
        offset += count
        return true
    }

    @_lifetime(self: copy self)
    mutating func skip(through byte: Unicode.Scalar) -> Bool {
        while offset < bytes.count {
            offset += 1
            if bytes[offset - 1] == UInt8(ascii: byte) { return true }
        }
        return false
    }

    @_lifetime(self: copy self)
    mutating func number(digits: Int) -> Int64? {
        guard bytes.count - offset >= digits else { return nil }
        var value: Int64 = 0
        for index in offset..<(offset + digits) {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            value = value * 10 + Int64(bytes[index] - 0x30)
        }
        offset += digits
        return value
    }

    @_lifetime(self: copy self)
    mutating func timeOfDay() -> Int64? {
        guard let hour = number(digits: 2), take(":"), let minute = number(digits: 2), take(":"),
            let second = number(digits: 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Microseconds; digits behind the sixth are read and dropped.
    @_lifetime(self: copy self)
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        var (value, scale): (Int64, Int64) = (0, 1_000_000)
        let start = offset
        // 12: picoseconds, finer than any clock.
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]), offset - start < 12 {
            scale /= 10
            value += Int64(bytes[offset] - 0x30) * scale
            offset += 1
        }
        return offset == start ? nil : value
    }

    @_lifetime(self: copy self)
    mutating func month() -> Int64? {
        let names: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        for (index, name) in names.enumerated() where take(name) {
            return Int64(index + 1)
        }
        return nil
    }
}
