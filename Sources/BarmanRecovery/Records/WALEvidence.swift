/// What a statement about an archive may rest on.
public enum WALEvidence: String, Hashable, Sendable, CaseIterable {
    /// The listing alone, which can refute and never prove.
    case names
    /// The few WAL objects that decide; of a long chain those between are taken for what their names say.
    case records
    /// Every WAL object on the way.
    case full

    /// How many segments of one chain are read in full before anything of it is left unread.
    ///
    /// With those that halving a chain takes, at most 40 objects for a time in 100,000 segments that all hold
    /// transactions; where most hold none it takes more.
    var mostReadInFull: UInt64 {
        switch self {
        case .names: 0
        case .records: 32
        case .full: .max
        }
    }
}
