internal import Decompression
public import ObjectStorage
internal import PostgresWAL

/// Lists a location once and reads the few small objects that say what the listing cannot.
///
/// It is the only thing that lists. A damaged archive is a result; what it throws means that it could not look.
public struct CatalogLoader: Sendable {
    /// How far a load has come.
    public struct Progress: Hashable, Sendable {
        /// Pages listed.
        public var pages = 0
        /// Objects listed.
        public var objects = 0
        /// Small objects read: backup.info, histories, annotations.
        public var read = 0
    }

    private let store: any ObjectStore
    private let progress: @Sendable (Progress) -> Void
    private let concurrentReads: Int

    // 4 MiB and 1 MiB: far more than PostgreSQL and Barman ever write into these files.
    static let largestBackupInfo = 4 << 20
    static let largestHistory = 1 << 20
    static let largestAnnotation = 1 << 10

    /// A loader for a store.
    ///
    /// - Parameters:
    ///   - store: where to look.
    ///   - concurrentReads: the most GET requests under way at once.
    ///   - progress: called behind each page and each read.
    public init(
        store: any ObjectStore,
        concurrentReads: Int = 8,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.store = store
        self.concurrentReads = max(1, concurrentReads)
        self.progress = progress
    }

    /// Everything below a location, or of the servers that it names.
    ///
    /// - Throws: `ObjectStoreError` where the store could not be looked at, ``ServerNotFound``.
    public func load(_ location: ArchiveLocation) async throws -> BucketCatalog {
        var state = Progress()
        var scan = BucketScan(location: location)
        var probe = EndProbe(prefix: ObjectKey(bytes: location.prefix))
        var listing = ObjectListing(of: store, ListRequest(prefix: ObjectKey(bytes: location.prefix)))
        while let page = try await listing.nextPage() {
            try scan.add(page)
            probe.see(page)
            state.pages += 1
            state.objects += page.count
            progress(state)
        }
        if let request = probe.request, let contradiction = probe.contradiction(in: try await store.list(request)) {
            scan.suspect(contradiction)
        }
        let outside = scan.finish()
        var servers: [BackupCatalog] = []
        let wanted = try ServerSelection(location).select(from: scan.servers)
        for server in wanted {
            servers.append(try await catalog(of: server, location, scan.suspicions, &state))
        }
        return BucketCatalog(
            servers: servers,
            outside: outside,
            total: scan.total,
            suspicions: scan.suspicions
        )
    }

    private func catalog(
        of scan: ServerScan,
        _ location: ArchiveLocation,
        _ suspicions: [String],
        _ state: inout Progress
    ) async throws -> BackupCatalog {
        let reader = SmallObjectReader(store: store, atOnce: concurrentReads)
        let spelling = location.spelling(for: scan.prefix)
        let backups = try await reader.backups(of: scan, doublingSlash: spelling)
        let histories = try await reader.histories(of: scan)
        state.read += backups.count + histories.count
        progress(state)
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
