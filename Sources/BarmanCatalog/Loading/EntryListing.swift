public import ObjectStorage

/// Lists a server once more, and tells of each object what it is.
///
/// The catalog knows runs and no keys; who decides over keys streams them past here.
public struct EntryListing: Sendable {
    private let store: any ObjectStore
    private let reader: ArchiveEntryReader

    /// A listing of the server of a catalog.
    public init(of catalog: BackupCatalog, in store: any ObjectStore) {
        self.store = store
        self.reader = ArchiveEntryReader(of: catalog)
    }

    /// Every object that belongs to a backup or to the WAL of the server, in ascending order of the keys.
    public var pages: Pages {
        Pages(store: store, reader: reader, prefixes: reader.prefixes[...])
    }

    /// Shows every object that belongs to a backup or to the WAL of the server, in ascending order of the keys.
    ///
    /// - Returns: what the listing said that contradicts itself.
    /// - Throws: `ObjectStoreError` where the store could not be listed.
    public func forEach(
        _ body: (ArchiveEntry, ObjectSummary) -> Void
    ) async throws(ObjectStoreError) -> [String] {
        var pages = pages
        while let page = try await pages.next() {
            for (entry, object) in page { body(entry, object) }
        }
        return pages.suspicions
    }

    /// The objects, a page at a time.
    public struct Pages: Sendable {
        /// What the listing said so far that contradicts itself.
        public private(set) var suspicions: [String] = []

        private let store: any ObjectStore
        private let reader: ArchiveEntryReader
        private var prefixes: ArraySlice<ObjectKey>
        private var listing: ObjectListing?

        init(store: any ObjectStore, reader: ArchiveEntryReader, prefixes: ArraySlice<ObjectKey>) {
            self.store = store
            self.reader = reader
            self.prefixes = prefixes
        }

        /// What the next page holds, perhaps nothing; nil behind the last.
        public mutating func next() async throws(ObjectStoreError) -> [(entry: ArchiveEntry, object: ObjectSummary)]? {
            while true {
                guard var current = listing ?? prefixes.first.map({ ObjectListing(of: store, ListRequest(prefix: $0)) })
                else { return nil }
                guard let page = try await current.nextPage() else {
                    prefixes = prefixes.dropFirst()
                    listing = nil
                    continue
                }
                listing = current
                suspicions += page.suspicions
                return page.indices.compactMap { index in
                    let object = page.summary(at: index)
                    return reader.entry(for: object.key).map { ($0, object) }
                }
            }
        }
    }
}
