public import BarmanCatalog
internal import ObjectStorage

/// Why `barman-cloud-backup-delete` 3.19.1 would end with an error instead of going on.
public enum BarmanStop: Hashable, Sendable {
    /// A `backup.info` cannot be read: it deletes nothing.
    case unreadable(BackupID)
    /// A `backup.info` has a field that it does not know: it exits at once.
    case unknownField(BackupID, String)
    /// A finished backup has no end time to compare with the window.
    case noEndTime(BackupID)
    /// Incremental backups build on this one, which its cloud commands cannot follow.
    case hasChildren(BackupID)
    /// Two continuations of one tar, one of them with an extension that it does not know: it cannot sort them.
    case unsortableTars(BackupID)
    /// It is to delete WAL up to the begin of a backup, or around one, that does not say where it begins.
    case noBeginWAL(BackupID)
}

extension BarmanStop: CustomStringConvertible {
    /// What happens, and to which backup.
    public var description: String {
        switch self {
        case .unreadable(let id): "backup.info of \(id) cannot be read"
        case .unknownField(let id, let field):
            "backup.info of \(id) has the field '\(printable(field))', which it does not know"
        case .noEndTime(let id): "\(id) is finished and has no end time"
        case .hasChildren(let id): "incremental backups build on \(id)"
        case .unsortableTars(let id): "it cannot sort the continuations of a tar of \(id)"
        case .noBeginWAL(let id): "\(id) does not say where its WAL begins"
        }
    }
}
