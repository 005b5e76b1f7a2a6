public import BarmanCatalog
public import PostgresWAL

/// What the WAL of a server says of its windows: only the objects that decide were opened.
public struct RecordEvidence: Sendable {
    /// The windows, each with the last transaction that recovery can replay.
    public var windows: [RecoveryWindow] = []

    /// The segments that were opened and cannot be used, by timeline and number.
    public var damage: [WALDamage] = []

    /// Backups that do not become consistent because of damaged WAL.
    public var lostBackups: [BackupID: [WALDamage]] = [:]

    /// Why WAL could not be judged, nil where it could: its windows stay those of the names.
    public var unreadable: WALError?
}
