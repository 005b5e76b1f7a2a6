internal import Decompression
public import ObjectStorage
internal import PostgresWAL
internal import Synchronization

/// Lists a location once and reads the few small objects that say what the listing cannot.
///
/// It is the only thing that lists. A damaged archive is a result; what it throws means that it could not look.
public struct CatalogLoader: Sendable {
    /// How far a load has come.
    public struct Progress: Hashable, Sendable {
        /// Pages listed.
        public var pages = 0
        /// Pages that there seem to be in all, as far as is known.
        public var pagesKnown = 0
        /// Objects listed.
        public var objects = 0
        /// Listings of parts of the location that are under way.
        public var cursors = 0
        /// Small objects read: backup.info, histories, annotations.
        public var read = 0
    }

    let store: any ObjectStore
    private let progress: @Sendable (Progress) -> Void
    private let concurrency: Int

    // 4 MiB and 1 MiB: far more than PostgreSQL and Barman ever write into these files.
    static let largestBackupInfo = 4 << 20
    static let largestHistory = 1 << 20
    static let largestAnnotation = 1 << 10

    /// A loader for a store.
    ///
    /// - Parameters:
    ///   - store: where to look.
    ///   - concurrency: the most parts of a long listing, servers, and reads of one server under way at once. The store
    ///     bounds the requests; what is found is the same for any number.
    ///   - progress: called behind each page and each server.
    public init(
        store: any ObjectStore,
        concurrency: Int = 8,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.store = store
        self.concurrency = max(1, concurrency)
        self.progress = progress
    }

    /// Everything below a location, or of the servers that it names.
    ///
    /// Where each of these lies directly where its name says, nothing else is listed.
    ///
    /// - Parameters:
    ///   - location: where to look.
    ///   - toleratesBrokenServers: whether a server whose files cannot be read is left to
    ///     ``BucketCatalog/failures`` as long as another one can.
    /// - Throws: `ObjectStoreError` where the store could not be looked at, ``ServerNotFound``.
    public func load(
        _ location: ArchiveLocation,
        toleratesBrokenServers: Bool = false
    ) async throws -> BucketCatalog {
        let reader = SmallObjectReader(store: store, atOnce: concurrency)
        let state = Mutex(Progress())
        let scope = try await ListingScope(of: location, in: store)
        var (scan, outside, notes) = try await self.scan(scope, location, reader, state)
        if scope.isNarrow, (try? ServerSelection(location).select(from: scan.servers)) == nil {
            // What lies where a name says was no server; one further down may be called so.
            (scan, outside, notes) = try await self.scan(ListingScope(wholeOf: location), location, reader, state)
        }
        if let first = scan.strangers.first {
            let more = scan.strangers.count > 1 ? " and \(scan.strangers.count - 1) more" : ""
            notes.append("links are not followed, and what \(first)\(more) may lead to was not looked at")
        }
        let wanted = try ServerSelection(location).select(from: scan.servers)
        let suspicions = scan.suspicions
        let results = try await concurrently(wanted, atOnce: concurrency) { server in
            let result = try await self.result(of: server, location, suspicions, reader, state)
            if !toleratesBrokenServers, case .failure(let failure) = result { throw failure.error }
            return result
        }
        var catalog = BucketCatalog(
            servers: results.compactMap { try? $0.get() },
            outside: outside,
            total: scan.total,
            suspicions: suspicions
        )
        catalog.notes = notes
        for index in catalog.servers.indices { catalog.servers[index].cachedAnswer = store.cachedAnswer }
        catalog.failures = results.compactMap { if case .failure(let failure) = $0 { failure } else { nil } }
        if catalog.servers.isEmpty, let failure = catalog.failures.first { throw failure.error }
        return catalog
    }

    /// Lists what is to be listed, and ends the scan: what lies in no server is beside it.
    private func scan(
        _ scope: ListingScope,
        _ location: ArchiveLocation,
        _ reader: SmallObjectReader,
        _ state: borrowing Mutex<Progress>
    ) async throws -> (BucketScan, outside: ObjectTally, notes: [String]) {
        var scan = BucketScan(location: location)
        var notes: [String] = []
        for prefix in scope.prefixes {
            let (part, more) = try await self.scan(prefix, location, reader, state)
            try scan.append(part)
            notes += more.filter { !notes.contains($0) }
        }
        let outside = scan.finish()
        return (scan, outside, notes)
    }

    /// Lists a part of the location, and asks once more whether the end was the end.
    private func scan(
        _ prefix: [UInt8],
        _ location: ArchiveLocation,
        _ reader: SmallObjectReader,
        _ state: borrowing Mutex<Progress>
    ) async throws -> (BucketScan, notes: [String]) {
        let progress = progress
        let before = state.withLock { $0 }
        let listing = ParallelListing(
            store: store,
            prefix: ObjectKey(bytes: prefix),
            cursors: concurrency,
            empty: BucketScan(location: location)
        ) { server, backups in
            await reader.ends(of: backups, server: server)
        } progress: {
            progress(
                Progress(
                    pages: before.pages + $0.pages,
                    pagesKnown: before.pages + $0.pagesKnown,
                    objects: before.objects + $0.objects,
                    cursors: $0.cursors
                )
            )
        }
        var listed = try await listing.run()
        if let request = listed.probe.request,
            let contradiction = listed.probe.contradiction(in: try await store.list(request))
        {
            listed.scan.suspect(contradiction)
        }
        state.withLock { state in
            let pages = before.pages + listed.pages
            state = Progress(pages: pages, pagesKnown: pages, objects: before.objects + listed.scan.total.objects)
        }
        let notes = listed.fallback.map { ["\(store.name) cannot be listed in parts, so one cursor did it all: \($0)"] }
        return (listed.scan, notes ?? [])
    }

    /// What is found of a server, or why that could not be told.
    private func result(
        of server: ServerScan,
        _ location: ArchiveLocation,
        _ suspicions: [String],
        _ reader: SmallObjectReader,
        _ state: borrowing Mutex<Progress>
    ) async throws -> Result<BackupCatalog, BucketCatalog.Failure> {
        do {
            let catalog = try await catalog(of: server, location, suspicions, reader)
            let now = state.withLock { state in
                state.read += catalog.backups.count + catalog.histories.count
                return state
            }
            progress(now)
            return .success(catalog)
        } catch let error as ObjectStoreError where error.code != .cancelled {
            let name = ServerSelection(location).name(of: server.prefix)
            return .failure(.init(name: name, prefix: ObjectKey(bytes: server.prefix), error: error))
        }
    }

    private func catalog(
        of scan: ServerScan,
        _ location: ArchiveLocation,
        _ suspicions: [String],
        _ reader: SmallObjectReader
    ) async throws -> BackupCatalog {
        if let sign = scan.barmanServerHome { return homeOfBarmanServer(scan, location, sign, suspicions) }
        let spelling = location.spelling(for: scan.prefix)
        let notes = ReadingNotes()
        let backups = try await reader.backups(of: scan, doublingSlash: spelling, notes)
        let histories = try await reader.histories(of: scan, notes)
        let size = SegmentSizeOfBackups(backups).size
        // What the listing showed decides: an annotation may have gone since.
        let isBackup = { (backup: BaseBackup) in scan.backups[backup.id]?.hasMoreThanAnnotations ?? false }
        var catalog = BackupCatalog(
            name: ServerSelection(location).name(of: scan.prefix),
            prefix: ObjectKey(bytes: scan.prefix),
            backups: backups.filter(isBackup),
            wal: WALInventory(scan.wal, sizeOfBackups: size),
            histories: histories
        )
        catalog.doublesSlashOfAnnotations = spelling
        catalog.usage = scan.usage
        catalog.unknownObjects = scan.unknown
        catalog.misplacedWAL = scan.misplaced
        catalog.walTwins = scan.twins.twins
        catalog.orphanAnnotations = backups.filter { !isBackup($0) }.flatMap { backup in
            backup.keeps.map { BackupCatalog.OrphanAnnotation(backup: backup.id, key: $0.key) }
        }
        catalog.suspicions = suspicions
        catalog.elsewhere = try await reader.elsewhere(
            scan.labels,
            all: catalog.wal.backupHistories,
            beside: catalog.backups,
            size: catalog.wal.segmentSize
        )
        catalog.unread = notes.unread
        catalog.gone = notes.gone
        return catalog
    }

    /// The catalog of what `barman-cloud` did not write: its space, and nothing that could be judged.
    private func homeOfBarmanServer(
        _ scan: ServerScan,
        _ location: ArchiveLocation,
        _ sign: ObjectKey,
        _ suspicions: [String]
    ) -> BackupCatalog {
        var catalog = BackupCatalog(
            name: ServerSelection(location).name(of: scan.prefix),
            prefix: ObjectKey(bytes: scan.prefix),
            wal: WALInventory(runs: [], segmentSize: .standard)
        )
        catalog.usage = scan.usage
        catalog.barmanServerHome = sign
        catalog.suspicions = suspicions
        return catalog
    }
}

extension ArchiveLocation {
    /// Whether this location's text makes Barman double the slash of a server's annotations, nil for a server
    /// that does not lie directly below the location.
    fileprivate func spelling(for server: [UInt8]) -> Bool? {
        guard case .bucket = place, server.count > prefix.count else { return nil }
        let rest = server.dropFirst(prefix.count).dropLast()
        return rest.contains(BarmanLayout.slash) ? nil : doublesSlashOfAnnotations
    }
}
