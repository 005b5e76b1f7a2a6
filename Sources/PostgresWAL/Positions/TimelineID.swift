/// The number of a timeline, from 1 on.
///
/// Every promotion and every recovery that ends before the end of the WAL begins a new one.
public struct TimelineID: Hashable, Sendable {
    /// The number.
    public var rawValue: UInt32

    /// The timeline of this number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The timeline of a cluster that `initdb` made.
    public static let first = TimelineID(rawValue: 1)

    /// The timeline of the next number, nil behind the last.
    public var next: TimelineID? {
        rawValue == .max ? nil : TimelineID(rawValue: rawValue + 1)
    }

    /// The name of the timeline's history file: eight hexadecimal digits and `.history`.
    public var historyFileName: String {
        rawValue.eightHexadecimalDigits + ".history"
    }
}

extension TimelineID: Comparable {
    /// Compares the numbers.
    public static func < (left: TimelineID, right: TimelineID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension TimelineID: ExpressibleByIntegerLiteral {
    /// The timeline of the literal number.
    public init(integerLiteral value: UInt32) {
        self.rawValue = value
    }
}

extension TimelineID: CustomStringConvertible {
    /// The number in decimal, as PostgreSQL's messages and settings write it.
    public var description: String { String(rawValue) }
}
