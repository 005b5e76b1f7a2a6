/// All pages of a listing, each checked against what was asked and against the pages before it.
///
/// Single pass. Keys must ascend strictly, lie below the prefix and behind `startAfter`; tokens must change;
/// anything else throws ``ObjectStoreError/Code/inconsistentListing``, so that no caller reasons about a
/// listing with holes. An identical repetition of a key is dropped and noted in ``ObjectPage/suspicions``.
public struct ObjectListing: Sendable {
    private let store: any ObjectStore
    private var cursor: ListingCursor

    /// A listing that begins with the first page of `request`.
    public init(
        of store: any ObjectStore,
        _ request: ListRequest,
        limits: ListingCursor.Limits = ListingCursor.Limits()
    ) {
        self.store = store
        self.cursor = ListingCursor(request, limits: limits)
    }

    /// The next page, or nil behind the last.
    public mutating func nextPage() async throws(ObjectStoreError) -> ObjectPage? {
        guard let request = cursor.request else { return nil }
        guard !Task.isCancelled else {
            throw ObjectStoreError(.cancelled, "the listing of \(store.name) was cancelled")
        }
        return try cursor.admit(try await store.advance(request), from: store.name)
    }
}
