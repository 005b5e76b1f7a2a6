public import PostgresWAL

/// What a policy does that its words do not say.
public enum PolicySurprise: Hashable, Sendable {
    /// Months are counted as 31 days each: what the window is, and what it would be by the calendar.
    case monthsAre31Days(count: Int, days: Int, reachesBackTo: TimestampTZ, byCalendar: TimestampTZ)
    /// The minimum redundancy is greater than the number that the policy names, and takes its place.
    case redundancyRaised(from: Int, to: Int)
    /// No backup is left.
    case keepsNothing
    /// Nothing but the newest finished backup is left.
    case keepsOnlyTheNewest
}

extension RetentionPolicy {
    /// What a report should say about the policy beside its words.
    public func surprises(at now: TimestampTZ, minimumRedundancy: Int = 0) -> [PolicySurprise] {
        switch self {
        case .redundancy(let count) where count < minimumRedundancy:
            [.redundancyRaised(from: count, to: minimumRedundancy)]
        case .redundancy(0): [.keepsNothing]
        case .redundancy(1): [.keepsOnlyTheNewest]
        case .redundancy: []
        case .recoveryWindow(let period) where period.days == 0:
            minimumRedundancy > 1 ? [] : [.keepsOnlyTheNewest]
        case .recoveryWindow(let period) where period.unit == .months:
            [
                .monthsAre31Days(
                    count: period.count,
                    days: period.days,
                    reachesBackTo: now.adding(microseconds: -Int64(period.days) * 86_400_000_000),
                    byCalendar: now.monthsEarlier(period.count)
                )
            ]
        case .recoveryWindow: []
        }
    }
}

extension PolicySurprise: CustomStringConvertible {
    /// The surprise as a sentence.
    public var description: String {
        switch self {
        case .monthsAre31Days(let count, let days, let start, let byCalendar):
            "a month counts 31 days: \(count) \(count == 1 ? "is" : "are") \(days) days and reach back to \(start), "
                + "by the calendar it would be \(byCalendar)"
        case .redundancyRaised(let count, let minimum):
            "the minimum redundancy of \(minimum) takes the place of REDUNDANCY \(count)"
        case .keepsNothing: "REDUNDANCY 0 keeps no backup at all"
        case .keepsOnlyTheNewest: "of backups without a keep annotation only the newest finished one stays"
        }
    }
}

extension TimestampTZ {
    /// The same time of day on the same day so many months before, or on the last day of a shorter month.
    func monthsEarlier(_ count: Int) -> TimestampTZ {
        let text = description
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return self }
        let months = parts[0] * 12 + parts[1] - 1 - count
        guard months >= 0 else { return TimestampTZ(rawValue: .min) }
        let padded = { (number: Int, width: Int) in
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        let month = "\(padded(months / 12, 4))-\(padded(months % 12 + 1, 2))"
        // The 31st of a month with 28 days is its 28th.
        let candidates = (0...3).lazy.map { "\(month)-\(padded(parts[2] - $0, 2))\(text.dropFirst(10))" }
        return candidates.compactMap { TimestampTZ.parse($0)?.time }.first ?? self
    }
}
