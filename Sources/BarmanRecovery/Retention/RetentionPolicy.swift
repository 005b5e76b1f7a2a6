public import PostgresWAL

/// Which backups a user wants to keep: enough for a recovery window, or a number of them.
public enum RetentionPolicy: Hashable, Sendable {
    /// Recovery to every point of the last days, weeks or months.
    case recoveryWindow(RecoveryPeriod)
    /// The newest so many finished backups; not negative.
    case redundancy(Int)

    /// The first moment of the recovery window, nil for a policy without one.
    public func pointOfRecoverability(at now: TimestampTZ) -> TimestampTZ? {
        guard case .recoveryWindow(let period) = self else { return nil }
        return now.adding(microseconds: -Int64(period.days) * 86_400_000_000)
    }
}

extension RetentionPolicy: CustomStringConvertible {
    /// The policy as Barman writes it: `RECOVERY WINDOW OF 30 DAYS`, `REDUNDANCY 3`.
    public var description: String {
        switch self {
        case .recoveryWindow(let period): "RECOVERY WINDOW OF \(period)"
        case .redundancy(let count): "REDUNDANCY \(count)"
        }
    }
}
