internal import ObjectStorage

extension RetentionPolicy {
    /// The policy that `text` names, in CloudNativePG's form or in Barman's.
    ///
    /// CloudNativePG writes `30d`, `4w`, `6m`, from 1 on; Barman `RECOVERY WINDOW OF 30 DAYS` and `REDUNDANCY 3`, in
    /// any case, with any blanks between words, from 0 on, and the unit with or without its `S`.
    public init(parsing text: String) throws(RetentionPolicyError) {
        let words = text.uppercased().utf8.split(whereSeparator: \.isBlank).map { String(decoding: $0, as: UTF8.self) }
        switch (words.first, words.count) {
        case (nil, _): throw RetentionPolicyError(text: text, problem: "it is empty")
        case ("REDUNDANCY", 2):
            self = .redundancy(try Self.number(words[1], of: text, from: 0))
        case ("REDUNDANCY", _):
            throw RetentionPolicyError(text: text, problem: "REDUNDANCY needs one number")
        case ("RECOVERY", 5) where words[1...2] == ["WINDOW", "OF"]:
            self = .recoveryWindow(try Self.period(words[3], words[4], of: text))
        case ("RECOVERY", _):
            throw RetentionPolicyError(text: text, problem: "a window is a number and DAYS, WEEKS or MONTHS")
        default:
            self = .recoveryWindow(try Self.shortPeriod(text))
        }
    }

    /// Reads `30d`; blanks and upper case are not CloudNativePG's.
    private static func shortPeriod(_ text: String) throws(RetentionPolicyError) -> RecoveryPeriod {
        let units: [Character: RecoveryPeriod.Unit] = ["d": .days, "w": .weeks, "m": .months]
        guard let last = text.last, text.first?.isASCIIDigit == true else {
            throw RetentionPolicyError(text: text, problem: "it begins with neither a number nor a policy's name")
        }
        guard let unit = units[last] else {
            throw RetentionPolicyError(text: text, problem: "a number takes one of d, w, m behind it")
        }
        let digits = String(text.dropLast())
        guard digits.first != "0" else {
            throw RetentionPolicyError(text: text, problem: "its number must begin with 1 to 9")
        }
        return try period(try number(digits, of: text, from: 1), unit, of: text)
    }

    /// Reads the number and the unit of Barman's form.
    private static func period(_ digits: String, _ word: String, of text: String) throws(RetentionPolicyError)
        -> RecoveryPeriod
    {
        let units: [String: RecoveryPeriod.Unit] = ["DAY": .days, "WEEK": .weeks, "MONTH": .months]
        guard let unit = units[word.hasSuffix("S") ? String(word.dropLast()) : word] else {
            throw RetentionPolicyError(text: text, problem: "its unit is none of DAYS, WEEKS, MONTHS")
        }
        return try period(try number(digits, of: text, from: 0), unit, of: text)
    }

    private static func period(_ count: Int, _ unit: RecoveryPeriod.Unit, of text: String) throws(RetentionPolicyError)
        -> RecoveryPeriod
    {
        guard let period = RecoveryPeriod(count: count, unit: unit) else {
            let problem = "it reaches back more than \(RecoveryPeriod.mostDays) days"
            throw RetentionPolicyError(text: text, problem: problem)
        }
        return period
    }

    private static func number(_ digits: String, of text: String, from least: Int) throws(RetentionPolicyError) -> Int {
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else {
            throw RetentionPolicyError(text: text, problem: "'\(printable(digits))' is not a whole number")
        }
        guard let number = Int(digits), number <= Int(Int32.max) else {
            throw RetentionPolicyError(text: text, problem: "'\(printable(digits))' is too large")
        }
        guard number >= least else {
            throw RetentionPolicyError(text: text, problem: "its number must be at least \(least)")
        }
        return number
    }
}

/// A text that is not a retention policy.
public struct RetentionPolicyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public var text: String

    /// What is wrong with it.
    public var problem: String

    /// What was given, what is wrong, what would be right.
    public var description: String {
        "'\(printable(text))' is not a retention policy: \(problem); expected 30d, 4w, 6m, "
            + "'RECOVERY WINDOW OF 30 DAYS' or 'REDUNDANCY 3'"
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension UInt8 {
    /// Whether it is white space of ASCII.
    fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
