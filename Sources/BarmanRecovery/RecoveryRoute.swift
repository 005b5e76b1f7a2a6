public import PostgresWAL

/// One recovery that a backup allows: along which timelines, and what it finds on the way.
public struct RecoveryRoute: Hashable, Sendable {
    /// The WAL along the way, from the backup's first segment on.
    public var wal: RecoveryPath

    /// Whether this is where `recovery_target_timeline = latest` leads.
    public var isLatest: Bool

    /// Whether all WAL of the backup itself is there along this way.
    public var isConsistent: Bool

    /// The timeline that the recovery asks for.
    public var target: TimelineID { wal.path.target }

    /// The timelines from the backup's own to the target.
    public func timelines(from backup: BackupExtent) -> [TimelineID] {
        wal.path.legs.map(\.timeline).drop { $0 != backup.beginTimeline }.map { $0 }
    }
}
