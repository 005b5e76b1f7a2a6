/// The stable name of a kind of finding: what scripts look for, and what `cellarman explain` takes.
public enum FindingCode: String, Hashable, Sendable, CaseIterable {
    /// Segments are missing on a recovery path.
    case walGap = "wal-gap"
    /// A segment between a backup's begin and end is missing.
    case walGapInBackup = "wal-gap-in-backup"
    /// A young hole under the archive head.
    case walGapPending = "wal-gap-pending"
    /// Segments that no backup can use.
    case walOrphan = "wal-orphan"
    /// One segment in two objects.
    case walDuplicate = "wal-duplicate"
    /// A `.partial` that a restore would take for the segment.
    case walShadowed = "wal-shadowed"
    /// A WAL object where no restore looks for it.
    case walMisplaced = "wal-misplaced"
    /// A WAL object of zero bytes.
    case walEmpty = "wal-empty"
    /// A WAL object that is not what its name says.
    case walDamaged = "wal-damaged"
    /// WAL that was written with `wal_level = minimal`.
    case walLevelMinimal = "wal-level-minimal"
    /// WAL of a release that is not known here.
    case walUnreadable = "wal-unreadable"
    /// A WAL object of another system.
    case walForeignSystem = "wal-foreign-system"
    /// A `.partial` not at a timeline switch.
    case partialElsewhere = "partial-elsewhere"
    /// WAL of a timeline without its history file.
    case historyMissing = "history-missing"
    /// A history file that cannot be used.
    case historyInvalid = "history-invalid"
    /// A history file without WAL of its timeline.
    case timelineWithoutWAL = "timeline-without-wal"
    /// WAL of a parent timeline behind the fork.
    case timelineAbandoned = "timeline-abandoned"
    /// The child's copy of the switch segment is missing.
    case switchSegmentMissing = "switch-segment-missing"
    /// A backup that no recovery could begin from.
    case backupNotOnTimeline = "backup-not-on-timeline"
    /// A backup on a branch that `latest` does not follow.
    case latestNotReachable = "latest-not-reachable"
    /// A backup of status FAILED.
    case backupFailed = "backup-failed"
    /// A backup that has not ended.
    case backupUnfinished = "backup-unfinished"
    /// A `backup.info` that does not parse.
    case backupUnreadable = "backup-unreadable"
    /// A tar of a backup is missing or empty.
    case backupDataMissing = "backup-data-missing"
    /// A split backup whose last part may be missing.
    case backupDataUncertain = "backup-data-uncertain"
    /// The backup's end segment is not archived yet.
    case backupWALPending = "backup-wal-pending"
    /// A field that Barman refuses.
    case backupUnknownField = "backup-unknown-field"
    /// A keep annotation without its backup.
    case annotationOrphan = "annotation-orphan"
    /// A keep annotation that Barman would not see.
    case keepNotSeen = "keep-not-seen"
    /// Backups of different systems under one server.
    case systemIdentifierConflict = "system-identifier-conflict"
    /// Segment sizes that contradict each other.
    case segmentSizeConflict = "segment-size-conflict"
    /// WAL but no good backup.
    case noBackup = "no-backup"
    /// Good backups but no WAL.
    case noWAL = "no-wal"
    /// The newest good backup is too old.
    case backupTooOld = "backup-too-old"
    /// The newest WAL is too old.
    case archiveStale = "archive-stale"
    /// Objects that Barman does not write.
    case objectUnknown = "object-unknown"
    /// A listed object that the store does not hand out.
    case objectUnreadable = "object-unreadable"
    /// A listing that contradicts itself, or one out of a cache.
    case listingSuspect = "listing-suspect"
    /// The home of a Barman server, which is no archive of barman-cloud.
    case barmanServerHome = "barman-server-home"
    /// A base backup of which the archive has nothing but the label.
    case backupElsewhere = "backup-elsewhere"
    /// A retention plan that is not safe.
    case retentionRefused = "retention-refused"
    /// A retention policy that means more than it says.
    case retentionPolicy = "retention-policy"
}
