public import ObjectStorage

/// Lists a server once more, and tells of each object what it is.
///
/// The catalog knows runs and no keys; who decides over keys streams them past here.
public struct EntryListing: Sendable {
    private let store: any ObjectStore
    private let reader: ArchiveEntryReader
    private let pageSize: Int

    /// A listing of the server of a catalog.
    ///
    /// - Parameters:
    ///   - catalog: the server.
    ///   - store: where it lies.
    ///   - pageSize: the most entries of a page. Another number is another request, so that a cache does not
    ///     answer with an earlier listing.
    public init(of catalog: BackupCatalog, in store: any ObjectStore, pageSize: Int = 999) {
        self.store = store
        self.reader = ArchiveEntryReader(of: catalog)
        self.pageSize = pageSize
    }

    /// Every object that belongs to a backup or to the WAL of the server, in ascending order of the keys.
    public var pages: Pages {
        Pages(store: store, reader: reader, pageSize: pageSize, prefixes: reader.prefixes[...])
    }

    /// Shows every object that belongs to a backup or to the WAL of the server, in ascending order of the keys.
    ///
    /// - Returns: the pages, behind the last one: what the listing showed beside the objects.
    /// - Throws: `ObjectStoreError` where the store could not be listed.
    @discardableResult
    public func forEach(
        _ body: (ArchiveEntry, ObjectSummary) -> Void
    ) async throws(ObjectStoreError) -> Pages {
        var pages = pages
        while let page = try await pages.next() {
            for (entry, object) in page { body(entry, object) }
        }
        return pages
    }

    /// The objects, a page at a time.
    public struct Pages: Sendable {
        /// What the listing said so far that contradicts itself.
        public private(set) var suspicions: [String] = []
        /// The first object so far of a server whose directory lies in `wals/` of this one; such objects are not shown,
        /// and neither are those of one in `base/`.
        public private(set) var nested: ObjectKey?

        private let store: any ObjectStore
        private let reader: ArchiveEntryReader
        private let pageSize: Int
        private var prefixes: ArraySlice<ObjectKey>
        private var listing: ObjectListing?

        init(store: any ObjectStore, reader: ArchiveEntryReader, pageSize: Int, prefixes: ArraySlice<ObjectKey>) {
            self.store = store
            self.reader = reader
            self.pageSize = pageSize
            self.prefixes = prefixes
        }

        /// What the next page holds, perhaps nothing; nil behind the last.
        public mutating func next() async throws(ObjectStoreError) -> [(entry: ArchiveEntry, object: ObjectSummary)]? {
            while true {
                let next = prefixes.first.map { ListRequest(prefix: $0, maxKeys: pageSize) }
                guard var current = listing ?? next.map({ ObjectListing(of: store, $0) }) else { return nil }
                guard let page = try await current.nextPage() else {
                    prefixes = prefixes.dropFirst()
                    listing = nil
                    continue
                }
                listing = current
                suspicions += page.suspicions
                var entries: [(entry: ArchiveEntry, object: ObjectSummary)] = []
                for index in page.indices {
                    let object = page.summary(at: index)
                    if let entry = reader.entry(for: object.key) {
                        entries.append((entry, object))
                    } else if reader.isTakenForWAL(object.key) {
                        nested = nested ?? object.key
                    }
                }
                return entries
            }
        }
    }
}
