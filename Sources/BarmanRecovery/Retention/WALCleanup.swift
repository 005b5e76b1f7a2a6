public import BarmanCatalog
public import PostgresWAL

/// Which WAL goes and which stays, as runs.
public struct WALCleanup: Hashable, Sendable {
    /// Why no WAL goes at all.
    public enum Hold: Hashable, Sendable {
        /// This backup stays and may need WAL, but does not say from where on.
        case needUnknown(BackupID)
        /// No finished backup stays, so what is there may be all that is left, or belong to one elsewhere.
        case noBackup
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

extension WALCleanup {
    /// How many of the segments that go the base backups elsewhere need.
    func segments(neededElsewhereIn catalog: BackupCatalog) -> Int {
        guard !catalog.elsewhere.isEmpty, !segments.isEmpty else { return 0 }
        var needs = WALNeeds(RouteFinder(catalog: catalog))
        for backup in catalog.elsewhere { needs.add(backup) }
        return delete.reduce(0) { count, run in
            count + needs.segments.common(with: run.segments, of: run.timeline).reduce(0) { $0 + $1.count }
        }
    }
}

extension WALCleanup.Hold: CustomStringConvertible {
    /// The reason as a clause.
    public var description: String {
        switch self {
        case .needUnknown(let id): "backup \(id) may need WAL and does not say from where on"
        case .noBackup: "no finished backup stays, and it may be what a base backup elsewhere needs"
        }
    }
}
