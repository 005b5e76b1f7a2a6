public import PostgresWAL

/// What a `backup.info` says, as far as restoring depends on it.
///
/// Every value is nil where the file has `None` or no such line (`BackupInfo` in Barman's `infofile.py`).
public struct BackupInfo: Hashable, Sendable {
    /// One row of `tablespaces`.
    public struct Tablespace: Hashable, Sendable {
        /// The name in SQL.
        public var name: String
        /// The object identifier, which names its tar.
        public var oid: UInt32
        /// The path on the server.
        public var location: String

        /// A row of these parts.
        public init(name: String, oid: UInt32, location: String) {
            self.name = name
            self.oid = oid
            self.location = location
        }
    }

    /// The status; ``BackupStatus/empty`` where none was written.
    public var status = BackupStatus.empty
    /// `backup_name`, the name given with `--name`.
    public var name: String?
    /// The timeline on which the backup began.
    public var timeline: TimelineID?
    /// The first segment that the backup needs.
    public var beginWAL: WALSegmentName?
    /// The last segment that the backup needs.
    public var endWAL: WALSegmentName?
    /// Where replay begins: the redo position of the backup's checkpoint.
    public var beginLSN: LSN?
    /// The end of the backup: replay is consistent from here on.
    public var endLSN: LSN?
    /// When the backup began.
    public var beginTime: TimestampTZ?
    /// When `pg_backup_stop` was called, slightly before the record that ends the backup.
    public var endTime: TimestampTZ?
    /// The server's version as `server_version_num`: 150018.
    public var version: Int?
    /// The database system identifier, decimal.
    public var systemIdentifier: String?
    /// `xlog_segment_size`, in bytes; nil where the line is missing, which Barman takes for 16 MiB.
    public var segmentSize: Int?
    /// The tablespaces beside `PGDATA`.
    public var tablespaces: [Tablespace] = []

    /// Whether it tells of an end of the backup: without a status, it is a file that was cut off, and not a backup that
    /// never ended.
    public var tellsOfEnd: Bool { endTime != nil || endWAL != nil || endLSN != nil }

    /// Whether it says what tablespaces there are: Barman always does, so that a file which does not was cut off.
    public var statesTablespaces = true
    /// `mode`: nil when `barman-cloud-backup` wrote it.
    public var mode: String?
    /// The full backup that this incremental one builds on.
    public var parentBackupID: String?
    /// Whether `children_backup_ids` names incremental backups that build on this one.
    public var hasChildren = false
    /// Whether the data are volume snapshots and not tars.
    public var isSnapshot = false
    /// Why it failed, in Barman's words.
    public var error: String?
    /// Lines whose field Barman 3.19.1 does not know: every barman-cloud command aborts on one.
    public var unknownFields: [String] = []

    /// Whether both `begin_wal` and `end_wal` are there and the backup ended.
    public var isComplete: Bool {
        status == .done && beginWAL != nil && endWAL != nil && endLSN != nil
    }

    /// A file without any line.
    public init() {}
}

/// Why a `backup.info` cannot be read: Barman lists such a backup as unreadable and then deletes nothing at all.
public struct BackupInfoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, counted from 1, 0 where it is the whole file.
    public var line: Int
    /// What is wrong with it, made safe to print.
    public var problem: String

    /// What is wrong, and where.
    public var description: String {
        line == 0 ? problem : "line \(line): \(problem)"
    }
}
