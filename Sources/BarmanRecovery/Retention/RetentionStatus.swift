/// What a retention policy makes of a backup, in Barman's words.
public enum RetentionStatus: String, Hashable, Sendable, CaseIterable {
    /// The policy keeps it.
    case valid = "VALID"
    /// The policy gives it up.
    case obsolete = "OBSOLETE"
    /// The policy would give it up, but the minimum redundancy keeps it.
    case potentiallyObsolete = "OBSOLETE*"
    /// An annotation keeps it and all WAL behind it.
    case keepFull = "KEEP:FULL"
    /// An annotation keeps it and the WAL that makes it consistent.
    case keepStandalone = "KEEP:STANDALONE"
    /// No policy is about it: it is not finished, has failed, or is incremental.
    case none = "-"
}

extension RetentionStatus: CustomStringConvertible {
    /// The text that Barman prints.
    public var description: String { rawValue }
}
