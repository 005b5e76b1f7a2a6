/// A point in time as PostgreSQL stores it: microseconds since 2000-01-01 00:00:00 UTC.
public struct TimestampTZ: Hashable, Sendable {
    /// Microseconds since 2000-01-01 00:00:00 UTC, negative before.
    public var rawValue: Int64

    /// The point `rawValue` microseconds after 2000-01-01 00:00:00 UTC.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The point `microseconds` after 1970-01-01 00:00:00 UTC, clamped to what the type holds.
    public init(unixMicroseconds microseconds: Int64) {
        let (value, overflow) = microseconds.subtractingReportingOverflow(Self.unixEpochDistance)
        self.rawValue = overflow ? .min : value
    }

    /// Microseconds since 1970-01-01 00:00:00 UTC, clamped to what the type holds.
    public var unixMicroseconds: Int64 {
        let (value, overflow) = rawValue.addingReportingOverflow(Self.unixEpochDistance)
        return overflow ? .max : value
    }

    /// The seconds from `other` to this point, negative if this one is earlier.
    public func seconds(since other: TimestampTZ) -> Double {
        Double(rawValue) / 1e6 - Double(other.rawValue) / 1e6
    }

    /// The point so many microseconds later, clamped to what the type holds.
    public func adding(microseconds: Int64) -> TimestampTZ {
        let (value, overflow) = rawValue.addingReportingOverflow(microseconds)
        return TimestampTZ(rawValue: overflow ? (microseconds < 0 ? .min : .max) : value)
    }

    // 10,957 days lie between 1970-01-01 and 2000-01-01.
    private static let unixEpochDistance: Int64 = 10_957 * 86_400 * 1_000_000
}

extension TimestampTZ: Comparable {
    /// Whether `left` is earlier.
    public static func < (left: TimestampTZ, right: TimestampTZ) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension TimestampTZ: CustomStringConvertible {
    /// RFC 3339 in UTC, with microseconds only where they are not zero: `2026-11-20T20:45:37.780000Z`.
    public var description: String {
        let (second, fraction) = Int(rawValue).floored(by: 1_000_000)
        let (day, time) = second.floored(by: 86_400)
        let date = CivilDate(daysSince2000: day)
        let clock = "\(padded(time / 3600)):\(padded(time / 60 % 60)):\(padded(time % 60))"
        let tail = fraction == 0 ? "" : ".\(padded(fraction, to: 6))"
        return "\(padded(date.year, to: 4))-\(padded(date.month))-\(padded(date.day))T\(clock)\(tail)Z"
    }
}

extension Int {
    /// The quotient rounded towards negative infinity, and what remains, never negative.
    fileprivate func floored(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// A number with zeros before it up to a width.
private func padded(_ number: Int, to width: Int = 2) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.count))
    return (number < 0 ? "-" : "") + zeros + digits
}
