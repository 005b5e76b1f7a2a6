public import PostgresWAL

/// One directory below `base/`: what its `backup.info` says, and which objects lie there.
public struct BaseBackup: Hashable, Sendable {
    /// What became of reading `backup.info`.
    public enum Info: Hashable, Sendable {
        /// It was read.
        case read(BackupInfo)
        /// There is none: Barman ignores the directory, and nothing ever deletes it.
        case missing
        /// It is there, but cannot be read, for this reason.
        case unreadable(String)
        /// It is listed, and the store does not hand it out, for this reason.
        case refused(String)
    }

    /// The name of the directory.
    public var id: BackupID

    /// What became of reading `backup.info`.
    public var info: Info

    /// The annotations found, under either spelling of their key.
    public var keeps: [KeepAnnotation] = []

    /// The size of each tar found, in bytes: of the object that a restore takes, where there are several.
    public var tars: [BackupTar: Int64] = [:]

    /// How many objects a restore would take for parts of a tar, though no backup writes such names.
    public var strayParts = 0

    /// The names of its objects below the directory, in byte order: `data.tar.gz`, `annotations/keep`.
    ///
    /// Only the first ``mostNames``: ``hasAllNames`` says whether that is all.
    public var names: [[UInt8]] = []

    /// Whether ``names`` has all objects of the directory.
    public var hasAllNames = true

    /// The most names that are held of one directory: a backup of 10 TB in tars of 100 GB has 100.
    public static let mostNames = 10_000

    /// How many objects lie in the directory, annotations included.
    public var objects = 0

    /// The sum of their sizes, in bytes.
    public var bytes: Int64 = 0

    /// What they come to, to be held against a later listing.
    public var totals = BackupTotals()

    /// When the newest of them was written.
    public var lastModified: TimestampTZ

    /// A directory of which nothing but this is known yet.
    public init(id: BackupID, info: Info, lastModified: TimestampTZ) {
        self.id = id
        self.info = info
        self.lastModified = lastModified
    }

    /// What `backup.info` says, nil where it was not read.
    public var details: BackupInfo? {
        guard case .read(let info) = info else { return nil }
        return info
    }

    /// The keep that Barman's retention would honour, nil where there is none.
    public var keep: KeepAnnotation.Kind? {
        keeps.first { $0.isSeen && $0.kind != .empty }?.kind
    }

    /// Whether the listing shows all data that the backup needs.
    public var data: BackupData {
        BackupData(of: self)
    }
}
