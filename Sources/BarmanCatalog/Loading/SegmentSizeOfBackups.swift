internal import PostgresWAL

/// The WAL segment size that the backups of a server name.
struct SegmentSizeOfBackups {
    /// What the newest backup that names a valid size says, nil where none does.
    let size: WALSegmentSize?

    init(_ backups: [BaseBackup]) {
        size =
            backups.reversed().lazy
            .filter { $0.details?.beginWAL != nil }
            .compactMap { $0.details.flatMap { WALSegmentSize(bytes: $0.segmentSize) } }
            .first
    }
}
