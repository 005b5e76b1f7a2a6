/// All pages of a listing, each checked against what was asked and against the pages before it.
///
/// Single pass. Keys must ascend strictly, lie below the prefix and behind `startAfter`; tokens must change;
/// anything else throws ``ObjectStoreError/Code/inconsistentListing``, so that no caller reasons about a
/// listing with holes. An identical repetition of a key is dropped and noted in ``ObjectPage/suspicions``.
public struct ObjectListing: Sendable {
    /// Limits of one listing; beyond them it throws ``ObjectStoreError/Code/tooLarge``.
    public struct Limits: Hashable, Sendable {
        /// The most pages: 1,000,000 pages hold a billion keys.
        public var pages = 1_000_000
        /// The most pages in a row without an object.
        public var emptyPagesInARow = 100

        /// The limits above.
        public init() {}
    }

    private let store: any ObjectStore
    private var request: ListRequest
    private var check: ListingCheck
    private let limits: Limits
    private var pages = 0
    private var emptyPages = 0
    private var isFinished = false

    /// A listing that begins with the first page of `request`.
    public init(of store: any ObjectStore, _ request: ListRequest, limits: Limits = Limits()) {
        self.store = store
        self.request = request
        self.limits = limits
        self.check = ListingCheck(request: request)
    }

    /// The next page, or nil behind the last.
    public mutating func nextPage() async throws(ObjectStoreError) -> ObjectPage? {
        guard !isFinished else { return nil }
        guard !Task.isCancelled else {
            throw ObjectStoreError(.cancelled, "the listing of \(store.name) was cancelled")
        }
        pages += 1
        guard pages <= limits.pages else {
            throw ObjectStoreError(
                .tooLarge,
                "the listing of \(store.name) has more than \(limits.pages) pages",
                hint: "name a deeper location"
            )
        }
        let page = try check.admit(try await store.list(request), from: store.name)
        emptyPages = page.count == 0 && page.commonPrefixes.isEmpty ? emptyPages + 1 : 0
        guard emptyPages <= limits.emptyPagesInARow else {
            throw ObjectStoreError(
                .inconsistentListing,
                "\(store.name) gave \(emptyPages) empty pages in a row that all claim to go on"
            )
        }
        request.continuation = page.continuation
        isFinished = page.continuation == nil
        return page
    }
}
