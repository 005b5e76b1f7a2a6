/// How far back a recovery window reaches: so many days, weeks or months.
public struct RecoveryPeriod: Hashable, Sendable {
    /// What is counted.
    public enum Unit: String, Hashable, Sendable, CaseIterable {
        /// 24 hours.
        case days
        /// Seven days.
        case weeks
        /// 31 days, whatever the calendar says.
        case months

        /// How many days Barman takes one for (`RecoveryWindowRetentionPolicy`).
        public var days: Int {
            switch self {
            case .days: 1
            case .weeks: 7
            case .months: 31
            }
        }
    }

    /// How many.
    public var count: Int

    /// Of what.
    public var unit: Unit

    /// So many of a unit, at least 0 and at most ``mostDays`` in all.
    public init?(count: Int, unit: Unit) {
        guard count >= 0, count <= Self.mostDays / unit.days else { return nil }
        self.count = count
        self.unit = unit
    }

    /// The most days of a period: a thousand years, which Barman can still count back from today.
    public static let mostDays = 365_000

    /// The period in days.
    public var days: Int { count * unit.days }
}

extension RecoveryPeriod: CustomStringConvertible {
    /// The period as Barman's policies write it: `30 DAYS`.
    public var description: String { "\(count) \(unit.rawValue.uppercased())" }
}
