public import BarmanCatalog
public import PostgresWAL

/// From where to where a backup can be recovered along one path.
public struct RecoveryWindow: Hashable, Sendable {
    /// A point of the window.
    public struct Point: Hashable, Sendable {
        /// When, nil where it is not known.
        public var time: TimestampTZ?
        /// Where.
        public var lsn: LSN
    }

    /// Why the window ends where it does.
    public enum Ending: String, Hashable, Sendable {
        /// The archive has no more WAL on this path.
        case archiveHead = "archive-head"
        /// WAL is missing behind it.
        case gap
        /// The backup is kept standalone: retention has deleted the WAL behind it, as told.
        case standalone
        /// WAL that is there cannot be read.
        case damagedWAL = "damaged-wal"
        /// What comes after it was written with `wal_level = minimal`.
        case walLevelMinimal = "wal-level-minimal"
    }

    /// What the end was concluded from.
    public enum Evidence: String, Hashable, Sendable {
        /// The names in the listing: an upper bound.
        case names
        /// The records of the WAL.
        case records
    }

    /// The backup to restore.
    public var backup: BackupID

    /// The timeline to ask for.
    public var timeline: TimelineID

    /// The timelines that the recovery comes through, the backup's own first.
    public var path: [TimelineID]

    /// Whether `latest` leads here.
    public var isLatest: Bool

    /// The backup's consistency point.
    public var from: Point

    /// The last point.
    ///
    /// By records: the last commit or abort that recovery can replay, its time and where its record begins; the
    /// consistency point where there is none behind it. By names: when the last segment was stored, and where it
    /// ends, an upper bound.
    public var to: Point

    /// What ``to`` was concluded from.
    public var evidence = Evidence.names

    /// Why it ends there.
    public var ending: Ending

    /// Whether nothing in the listing speaks against the backup; false where a listing cannot tell.
    public var isCertain: Bool

    init?(of assessment: BackupAssessment, along route: RecoveryRoute, size: WALSegmentSize) {
        guard assessment.isRestorable != false, route.isConsistent, let extent = assessment.extent,
            let end = route.wal.end
        else { return nil }
        backup = assessment.backup.id
        isCertain = assessment.isRestorable == true
        timeline = route.target
        path = route.timelines(from: extent)
        isLatest = route.isLatest
        from = Point(time: assessment.backup.details?.endTime, lsn: extent.end)
        let behind = end.segment == .max ? LSN(rawValue: .max) : size.start(of: end.segment + 1)
        to = Point(time: end.lastModified, lsn: max(behind, extent.end))
        let isStandalone = assessment.backup.keep == .standalone
        ending = route.wal.gaps.isEmpty ? .archiveHead : isStandalone ? .standalone : .gap
    }
}
