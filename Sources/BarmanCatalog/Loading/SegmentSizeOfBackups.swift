package import PostgresWAL

/// The WAL segment size that the backups of a server name or show.
struct SegmentSizeOfBackups {
    /// What the newest backup that names a valid size says.
    ///
    /// Where none names one, what the newest shows by the segment and the position at which it begins: Barman's default
    /// if that fits, the only size that does, or nil.
    let size: WALSegmentSize?

    init(_ backups: [BaseBackup]) {
        let details = backups.reversed().compactMap(\.details).filter { $0.beginWAL != nil }
        let named = details.lazy.compactMap { $0.segmentSize.flatMap { WALSegmentSize(bytes: $0) } }.first
        let shown = details.first { $0.segmentSize == nil && $0.beginLSN != nil }?.sizesShown ?? []
        size = named ?? (shown.contains(.standard) ? .standard : shown.count == 1 ? shown[0] : nil)
    }
}

extension BackupInfo {
    /// The sizes at which the backup begins in the segment that it names.
    fileprivate var sizesShown: [WALSegmentSize] {
        guard let beginLSN, let beginWAL else { return [] }
        return WALSegmentSize.allSizes.filter { beginWAL.number(size: $0) == $0.segmentNumber(of: beginLSN) }
    }

    /// Whether the backup is of a server with segments of this size, or does not say.
    package func allows(_ size: WALSegmentSize) -> Bool {
        segmentSize.map { $0 == size.bytes } ?? true
    }
}
