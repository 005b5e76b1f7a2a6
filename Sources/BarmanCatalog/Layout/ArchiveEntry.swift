public import ObjectStorage
public import PostgresWAL

/// One object of a server, as its key tells: what those who decide over keys need to know of it.
public struct ArchiveEntry: Hashable, Sendable {
    /// What the object is.
    public enum Subject: Hashable, Sendable {
        /// A file of the WAL archive, wherever below `wals/` it lies.
        case wal(WALFileName, isInPlace: Bool)
        /// An object in the directory of a backup.
        case backup(BackupID, BackupPart)
        /// Anything else: directory markers, and what Barman does not write.
        case other
    }

    /// What an object of a backup is.
    public enum BackupPart: Hashable, Sendable {
        /// `backup.info`.
        case info
        /// `backup_label`, which only snapshot backups have as an object.
        case label
        /// `annotations/keep`, under either spelling of the key.
        case annotation
        /// A tar of any compression, one that Barman 3.19.1 does not restore included.
        case tar
        /// Anything else.
        case other
    }

    /// The directory of a WAL file: 16 digits that name a timeline and a log.
    public struct Directory: Hashable, Sendable {
        /// The timeline.
        public var timeline: TimelineID
        /// The log.
        public var log: UInt32

        /// A directory of these parts.
        public init(timeline: TimelineID, log: UInt32) {
            self.timeline = timeline
            self.log = log
        }
    }

    /// The key.
    public var key: ObjectKey

    /// What the object is.
    public var subject: Subject

    /// The name that Barman goes by.
    ///
    /// Of a WAL file that is not in its place the last part of the key without its compression suffix, of an object of
    /// a backup everything below its directory, else empty.
    public var name: [UInt8]

    /// The first directory below `wals/`, nil where it has another name or the object lies elsewhere.
    public var directory: Directory?

    /// For each object of the same WAL file name whose key comes later: the first directory below `wals/` that it
    /// lies in, nil for one of another name.
    public var laterTwins: [Directory?]
}
