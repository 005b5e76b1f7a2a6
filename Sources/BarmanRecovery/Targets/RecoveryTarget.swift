public import PostgresWAL

/// Where a recovery shall stop: PostgreSQL's `recovery_target…` settings.
public struct RecoveryTarget: Hashable, Sendable {
    /// The kinds of targets.
    public enum Kind: Hashable, Sendable {
        /// `recovery_target_time`.
        case time(TimestampTZ)
        /// `recovery_target_lsn`.
        case lsn(LSN)
        /// `recovery_target_xid`: a top-level transaction.
        case xid(UInt32)
        /// `recovery_target_name`: the first restore point of that name.
        case name(String)
        /// `recovery_target = 'immediate'`: as soon as the backup is consistent.
        case immediate
        /// No target: as far as the WAL goes.
        case latest
    }

    /// `recovery_target_timeline`.
    public enum Timeline: Hashable, Sendable {
        /// The highest that consecutive history files lead to.
        case latest
        /// The backup's own.
        case current
        /// This one.
        case number(TimelineID)
    }

    /// Where to stop.
    public var kind: Kind

    /// `recovery_target_inclusive`: whether to stop just behind the target, or just before it.
    public var isInclusive: Bool

    /// Which timeline to follow.
    public var timeline: Timeline

    /// A target of these parts.
    public init(_ kind: Kind, isInclusive: Bool = true, timeline: Timeline = .latest) {
        self.kind = kind
        self.isInclusive = isInclusive
        self.timeline = timeline
    }
}
