public import ObjectStorage
public import PostgresWAL

/// A small object that the listing shows and the store does not hand out, though it was asked for again: whatever it
/// says is not known.
public struct UnreadObject: Hashable, Sendable {
    /// What the object is.
    public enum Role: Hashable, Sendable {
        /// The `backup.info` of a backup.
        case info(BackupID)
        /// The keep annotation of a backup.
        case annotation(BackupID)
        /// The history file of a timeline.
        case history(TimelineID)
    }

    /// Its key.
    public var key: ObjectKey

    /// What it is.
    public var role: Role

    /// Why it was not read.
    public var reason: String

    /// An object of these parts.
    public init(key: ObjectKey, role: Role, reason: String) {
        self.key = key
        self.role = role
        self.reason = reason
    }
}
