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

    /// Shows every object that belongs to a backup or to the WAL of the server, in ascending order of the keys.
    ///
    /// - Returns: what the listing said that contradicts itself.
    /// - Throws: `ObjectStoreError` where the store could not be listed.
    public func forEach(
        _ body: (ArchiveEntry, ObjectSummary) throws(ObjectStoreError) -> Void
    ) async throws(ObjectStoreError) -> [String] {
        var suspicions: [String] = []
        for prefix in reader.prefixes {
            var listing = ObjectListing(of: store, ListRequest(prefix: prefix))
            while let page = try await listing.nextPage() {
                suspicions += page.suspicions
                for index in page.indices {
                    let object = page.summary(at: index)
                    if let entry = reader.entry(for: object.key) { try body(entry, object) }
                }
            }
        }
        return suspicions
    }
}
