public import ObjectStorage
public import PostgresWAL

/// Everything found of one server: its backups, its WAL as runs, its timeline histories, its usage.
public struct BackupCatalog: Hashable, Sendable {
    /// What became of reading a timeline history file.
    public enum History: Hashable, Sendable {
        /// It was read.
        case valid(TimelineHistory)
        /// It names no ancestor: PostgreSQL takes its timeline for one without a past.
        case empty
        /// It is there, but cannot be used, for this reason.
        case invalid(String)
        /// It is listed, and the store does not hand it out, for this reason.
        case refused(String)
    }

    /// A keep annotation in whose directory lies nothing else.
    public struct OrphanAnnotation: Hashable, Sendable {
        /// The backup that is gone.
        public var backup: BackupID
        /// The annotation's key.
        public var key: ObjectKey
    }

    /// The server's name: the last part of its directory, Barman's `server_name`.
    public var name: String

    /// The server's directory, with a slash at the end.
    public var prefix: ObjectKey

    /// Whether the location's own text decides under which spelling Barman looks for keep annotations.
    ///
    /// True if it would double the slash, false if not, nil where the server lies deeper than the location, so
    /// that the `destinationPath` in use is not known.
    public var doublesSlashOfAnnotations: Bool?

    /// The backups, by id.
    public var backups: [BaseBackup]

    /// The WAL.
    public var wal: WALInventory

    /// The timeline history files.
    public var histories: [TimelineID: History]

    /// What takes the room.
    public var usage: Usage

    /// Objects below the server's directory that Barman does not write.
    public var unknownObjects: ObjectTally

    /// WAL files in the wrong directory or in lower case: retention counts them, a restore does not find them.
    public var misplacedWAL: ObjectTally

    /// Which objects of the WAL archive carry the name of another, as Barman's catalog sees names.
    public var walTwins: WALTwins

    /// Keep annotations without a backup.
    public var orphanAnnotations: [OrphanAnnotation]

    /// What the listing said that contradicts itself.
    public var suspicions: [String]

    /// Objects that are listed and could not be read, by key.
    public var unread: [UnreadObject] = []

    /// Objects that were listed, and were gone when they were to be read, by key.
    public var gone: [ObjectKey] = []

    /// An answer of the store that came out of a cache, and how that shows, nil where none did.
    public var cachedAnswer: String?

    /// Base backups whose labels lie among the WAL and whose data does not lie in the bucket, in the order of the labels.
    public var elsewhere: [BackupElsewhere] = []

    /// An object that shows that this is the home of a Barman server, nil for an archive of `barman-cloud`.
    ///
    /// Nothing of such a home is judged: ``backups``, ``wal`` and ``histories`` are empty.
    public var barmanServerHome: ObjectKey?

    /// A catalog of these backups and this WAL.
    public init(
        name: String,
        prefix: ObjectKey = "",
        backups: [BaseBackup] = [],
        wal: WALInventory,
        histories: [TimelineID: History] = [:]
    ) {
        self.name = name
        self.prefix = prefix
        self.doublesSlashOfAnnotations = nil
        self.backups = backups
        self.wal = wal
        self.histories = histories
        self.usage = Usage()
        self.unknownObjects = ObjectTally()
        self.misplacedWAL = ObjectTally()
        self.walTwins = WALTwins()
        self.orphanAnnotations = []
        self.suspicions = []
    }
}

/// Everything found below a location: its servers, and what belongs to none.
public struct BucketCatalog: Hashable, Sendable {
    /// A server that could not be looked at.
    public struct Failure: Error, Hashable, Sendable {
        /// The server's name.
        public var name: String
        /// The server's directory, with a slash at the end.
        public var prefix: ObjectKey
        /// Why.
        public var error: ObjectStoreError

        /// A failure of these parts.
        public init(name: String, prefix: ObjectKey, error: ObjectStoreError) {
            self.name = name
            self.prefix = prefix
            self.error = error
        }
    }

    /// The servers, in the byte order of their directories.
    public var servers: [BackupCatalog]

    /// Objects outside the directory of any server.
    public var outside: ObjectTally

    /// How many objects the listing had, and their sizes: the servers' usage and what is outside.
    public var total: Usage.Share

    /// What the listing said that contradicts itself.
    public var suspicions: [String]

    /// What is to be known of how the location was listed.
    public var notes: [String] = []

    /// The servers that could not be looked at, where that was to be tolerated.
    public var failures: [Failure] = []
}

extension BackupCatalog {
    /// The result of looking at the server's objects; a failure of the store becomes one of the server.
    package func tolerating<Value>(
        _ body: () async throws -> Value
    ) async throws -> Result<Value, BucketCatalog.Failure> {
        do {
            return .success(try await body())
        } catch let error as ObjectStoreError where error.code != .cancelled {
            return .failure(BucketCatalog.Failure(name: name, prefix: prefix, error: error))
        }
    }
}

extension BucketCatalog {
    /// Moves the servers of which something failed to ``failures``; there is a result for each server.
    package mutating func take<Value>(failuresOf results: [Result<Value, Failure>]) {
        let failures = results.compactMap { if case .failure(let failure) = $0 { failure } else { nil } }
        let broken = Set(failures.map(\.prefix))
        servers.removeAll { broken.contains($0.prefix) }
        self.failures = (self.failures + failures).sorted { $0.prefix < $1.prefix }
    }
}
