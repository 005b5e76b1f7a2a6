public import BarmanCatalog
public import PostgresWAL

/// Which WAL goes and which stays, as runs.
public struct WALCleanup: Hashable, Sendable {
    /// Why no WAL goes at all.
    public enum Hold: Hashable, Sendable {
        /// This backup stays and may need WAL, but does not say from where on.
        case needUnknown(BackupID)
        /// No backup that stays needs any WAL, so what is there may be all that is left.
        case noBackup
        /// The plan is refused.
        case refused
    }

    /// The segments that go, whole files, usable or not.
    public var delete: [WALRun] = []

    /// The segments that stay.
    public var keep: [WALRun] = []

    /// Timelines of which everything stays because it is not known where they came from, or because the archiver is
    /// on them and no backup reaches them yet.
    public var uncertain: [TimelineID] = []

    /// Why nothing goes, nil where nothing stands against it.
    public var hold: Hold?

    /// What goes by number, files that are no whole segments included.
    var segments = SegmentSet()

    /// Everything stays.
    init(keepingAllOf wal: WALInventory, hold: Hold?) {
        keep = wal.everything
        self.hold = hold
    }

    /// What `segments` names goes.
    init(deleting segments: SegmentSet, of wal: WALInventory) {
        self.segments = segments
        for run in wal.everything {
            delete += segments.common(with: run.segments, of: run.timeline).map(run.part)
            keep += segments.missing(from: run.segments, of: run.timeline).map(run.part)
        }
    }
}

extension WALCleanup.Hold: CustomStringConvertible {
    /// The reason as a clause.
    public var description: String {
        switch self {
        case .needUnknown(let id): "backup \(id) may need WAL and does not say from where on"
        case .noBackup: "no backup that stays needs any WAL"
        case .refused: "the plan is refused"
        }
    }
}
