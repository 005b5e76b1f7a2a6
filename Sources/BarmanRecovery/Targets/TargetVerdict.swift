public import BarmanCatalog
public import PostgresWAL

/// Whether a recovery target can be reached, from which backup, and what it takes.
public struct TargetVerdict: Hashable, Sendable {
    /// Three answers, not two.
    public enum Answer: String, Hashable, Sendable {
        /// A recovery would stop there.
        case reachable
        /// A recovery would fail, or stop elsewhere.
        case unreachable
        /// The evidence does not decide it.
        case undetermined
    }

    /// Why.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// It can be reached.
        case reachable
        /// There is no backup to begin with.
        case noBackup = "no-backup"
        /// It lies before the backup is consistent.
        case beforeBackupEnd = "before-backup-end"
        /// No transaction ended later than it.
        case afterLastTransaction = "after-last-transaction"
        /// The WAL ends before it.
        case lsnNotArchived = "lsn-not-archived"
        /// No transaction of that number ended on the path.
        case noSuchTransaction = "no-such-transaction"
        /// No restore point of that name on the path.
        case noSuchRestorePoint = "no-such-restore-point"
        /// WAL is missing before it.
        case walGap = "wal-gap"
        /// WAL of the backup itself is missing.
        case walGapInBackup = "wal-gap-in-backup"
        /// WAL before it was written with `wal_level = minimal`.
        case walLevelMinimal = "wal-level-minimal"
        /// WAL before it is damaged.
        case walDamaged = "wal-damaged"
        /// The backup itself cannot be restored.
        case backupNotRestorable = "backup-not-restorable"
        /// There is no such timeline.
        case timelineNotFound = "timeline-not-found"
        /// The backup is not on the way to that timeline.
        case backupNotOnTimeline = "backup-not-on-timeline"
        /// The recovery would leave its path at a fork.
        case switchSegmentMissing = "switch-segment-missing"
        /// A history file cannot be used.
        case historyInvalid = "history-invalid"
        /// Not all that decides could be read.
        case evidenceIncomplete = "evidence-incomplete"
        /// WAL that is still to come decides it.
        case walPending = "wal-pending"
        /// A `backup.info` or a history file is listed, and the store does not hand it out.
        case objectUnreadable = "object-unreadable"
        /// It is the home of a Barman server, which is not judged.
        case barmanServerHome = "barman-server-home"
    }

    /// A point that a recovery can stop at.
    public struct Landing: Hashable, Sendable {
        /// The end of the last record replayed.
        public var lsn: LSN
        /// The time of the last transaction that ended before it, nil where none did since the backup began.
        public var time: TimestampTZ?
        /// The timeline of that record.
        public var timeline: TimelineID

        /// A landing of these parts.
        public init(lsn: LSN, time: TimestampTZ?, timeline: TimelineID) {
            self.lsn = lsn
            self.time = time
            self.timeline = timeline
        }
    }

    /// A transaction's end near the target.
    public struct Neighbour: Hashable, Sendable {
        /// When it ended.
        public var time: TimestampTZ
        /// Where its record begins.
        public var lsn: LSN

        /// A transaction's end of these parts.
        public init(time: TimestampTZ, lsn: LSN) {
            self.time = time
            self.lsn = lsn
        }
    }

    /// Whether it can be reached.
    public var answer: Answer
    /// Why.
    public var code: Code
    /// The reason in words.
    public var reason: String
    /// What to do, nil where nothing is to be done.
    public var hint: String?
    /// The backup that was chosen, nil where there is none.
    public var backup: BackupID?
    /// The timelines that the recovery comes through.
    public var path: [TimelineID] = []
    /// The first segment that it needs.
    public var firstSegment: WALSegmentName?
    /// The last segment that it needs.
    public var lastSegment: WALSegmentName?
    /// How many segments it needs.
    public var segments: UInt64 = 0
    /// What the stored objects of these segments have in bytes; shared out evenly where only a part of a run is
    /// needed, as runs know no more.
    public var bytes: Int64 = 0
    /// How many of them were opened.
    public var opened = 0
    /// WAL that was met on the way and cannot be used.
    public var damage: [WALDamage] = []
    /// What the verdict rests on.
    public var evidence = RecoveryWindow.Evidence.records
    /// What the listing lacks on the path, where that is why the target cannot be reached, or what cuts a recovery
    /// without target short.
    public var missing: [MissingSegments] = []
    /// When something was written to the archive that came after what is missing, nil where nothing did.
    public var missingSince: TimestampTZ?
    /// Where it stops, nil where it does not get there.
    public var landsAt: Landing?
    /// The last transaction that ended before the target and can be reached.
    public var before: Neighbour?
    /// The first transaction that ended behind the target; where the target cannot be reached, the first point behind
    /// it at which another backup becomes consistent.
    public var after: Neighbour?

    init(_ answer: Answer, _ code: Code, _ reason: String, hint: String? = nil, backup: BackupID? = nil) {
        self.answer = answer
        self.code = code
        self.reason = reason
        self.hint = hint
        self.backup = backup
    }
}
