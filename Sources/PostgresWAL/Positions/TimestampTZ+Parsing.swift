extension TimestampTZ {
    /// A time read from text, and whether the text said in which zone.
    public struct Parsed: Hashable, Sendable {
        /// The point in time; of a text without an offset, as if it were UTC.
        public var time: TimestampTZ
        /// Whether the text carried `Z` or an offset.
        public var hasOffset: Bool
    }

    /// The time that `text` names, nil where it names none.
    ///
    /// Takes RFC 3339 and what PostgreSQL and Barman print: `2026-11-20 20:45:37.78+00`, `…+00:00`, `…+0530`, with
    /// `T` or a blank, one to six digits of a second's fraction, and no offset at all. Days that do not exist,
    /// leap seconds and zone names are refused.
    public static func parse(_ text: some StringProtocol) -> Parsed? {
        var scanner = TimeScanner(Array(text.utf8))
        guard let year = scanner.number(of: 4...4), scanner.skip("-"),
            let month = scanner.number(of: 2...2), scanner.skip("-"),
            let day = scanner.number(of: 2...2), scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(of: 2...2), hour < 24, scanner.skip(":"),
            let minute = scanner.number(of: 2...2), minute < 60, scanner.skip(":"),
            let second = scanner.number(of: 2...2), second < 60,
            let fraction = scanner.fraction(),
            let date = CivilDate(year: year, month: month, day: day),
            let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        let clock = (hour * 60 + minute) * 60 + second - (offset.seconds ?? 0)
        let seconds = Int64(date.daysSince2000) * 86_400 + Int64(clock)
        return Parsed(
            time: TimestampTZ(rawValue: seconds * 1_000_000 + Int64(fraction)),
            hasOffset: offset.seconds != nil
        )
    }
}

/// Reads the parts of a time from left to right.
private struct TimeScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func number(of width: ClosedRange<Int>) -> Int? {
        var value = 0
        var digits = 0
        while digits < width.upperBound, position < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
        {
            value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
            digits += 1
            position += 1
        }
        return digits >= width.lowerBound ? value : nil
    }

    /// The microseconds behind a point, 0 where there is no point, nil where the point has no digits.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        let start = position
        guard var value = number(of: 1...6) else { return nil }
        for _ in (position - start)..<6 { value *= 10 }
        return value
    }

    /// What stands behind the clock.
    enum Offset {
        case absent
        case seconds(Int)

        var seconds: Int? {
            guard case .seconds(let seconds) = self else { return nil }
            return seconds
        }
    }

    /// The seconds east of Greenwich, nil for what is not an offset.
    mutating func offset() -> Offset? {
        if isAtEnd { return .absent }
        if skip("Z") || skip("z") { return .seconds(0) }
        let sign = skip("-") ? -1 : skip("+") ? 1 : 0
        guard sign != 0, let hours = number(of: 2...2), hours < 16 else { return nil }
        guard !isAtEnd else { return .seconds(sign * hours * 3600) }
        _ = skip(":")
        guard let minutes = number(of: 2...2), minutes < 60 else { return nil }
        return .seconds(sign * (hours * 3600 + minutes * 60))
    }
}
