internal import Decompression
internal import PostgresWAL

/// What one object below a server's directory is for.
enum ObjectRole: Hashable {
    /// A file of the WAL archive.
    case wal(WALFileName, CompressionFormat, isInPlace: Bool)
    /// Below `base/<id>/`; the id is a range of the key's bytes.
    case backup(id: Range<Int>, BackupObject)
    /// A key that ends in a slash, as some tools make to show an empty directory.
    case directoryMarker
    /// Below `base/` or `wals/`, but nothing that Barman writes.
    case unknown
}

/// What one object of a backup is.
enum BackupObject: Hashable {
    /// `backup.info`.
    case info
    /// `annotations/keep`.
    case keep
    /// `backup_label`, which only snapshot backups have as an object.
    case label
    /// One tar: `data.tar.gz`, `data_0001.tar.gz`, `16387.tar.gz`.
    case tar(BackupTar)
    /// Nothing that a backup writes, but a restore would take it for a part of a tar.
    case strayPart
    /// Anything else.
    case unknown
}

/// The name of one tar of a backup.
public struct BackupTar: Hashable, Sendable {
    /// The tablespace it holds, nil for `PGDATA`.
    public var tablespace: UInt32?

    /// 0 for the first tar of a series, n for its continuation `_000n`.
    public var part: Int

    /// The name of one tar of a series.
    public init(tablespace: UInt32? = nil, part: Int = 0) {
        self.tablespace = tablespace
        self.part = part
    }
}

extension BackupTar: CustomStringConvertible {
    /// The name without compression: `data.tar`, `16387_0001.tar`.
    public var description: String {
        let stem = tablespace.map(String.init) ?? "data"
        guard part > 0 else { return "\(stem).tar" }
        let digits = String(part)
        return "\(stem)_\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits).tar"
    }
}
