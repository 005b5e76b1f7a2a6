public import PostgresWAL

/// A base backup of which the WAL archive has the label and the bucket nothing else, such as a volume snapshot.
///
/// PostgreSQL archives a `.backup` file for each base backup that is taken of a primary; one of a standby leaves none.
/// Labels of backups that Barman took into the bucket and has deleted since, and of replicas that were made by
/// `pg_basebackup`, tell of no backup that anybody would restore.
public struct BackupElsewhere: Hashable, Sendable {
    /// The file in the WAL archive; its name says where the backup begins.
    public var file: BackupHistoryFile

    /// What its LABEL line says, nil where it could not be read: then it counts as a backup.
    public var label: String?

    /// A backup of which this file tells.
    public init(file: BackupHistoryFile, label: String?) {
        self.file = file
        self.label = label
    }

    /// The timeline that it begins on.
    public var timeline: TimelineID { file.segment.timeline }

    /// Where it begins, nil where no segment of this size has the name.
    public func begin(size: WALSegmentSize) -> LSN? {
        guard let number = file.segment.number(size: size) else { return nil }
        // An offset that no segment has is nobody's: all of the segment counts.
        let offset = file.offset < size.bytes ? UInt64(file.offset) : 0
        return LSN(rawValue: size.start(of: number).rawValue + offset)
    }
}

/// The text of a `.backup` file, as far as it tells whose backup it is of.
struct BackupLabelText {
    /// What the LABEL line says, nil where there is none.
    let label: String?

    init(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        label = lines.first { $0.hasPrefix("LABEL: ") }.map { String($0.dropFirst("LABEL: ".count)) }
    }

    /// Whether the backup is, or was, one in the bucket, or one that was thrown away when it had served.
    var isOfKnownKind: Bool {
        guard let label else { return false }
        // barman-cloud-backup 3.19 and CloudNativePG's plugin; pg_basebackup without --label, as a replica joins.
        return label.hasPrefix("Barman backup cloud ") || label == "pg_basebackup base backup"
    }
}
