/// A listing between two pages: what to ask next, and the check of what comes.
///
/// ``ObjectListing`` walks one; whoever asks for pages in another way feeds it the answers in their order.
public struct ListingCursor: Sendable {
    /// Limits of one listing; beyond them it throws ``ObjectStoreError/Code/tooLarge``.
    public struct Limits: Hashable, Sendable {
        /// The most pages: 1,000,000 pages hold a billion keys.
        public var pages = 1_000_000
        /// The most objects.
        public var objects = 1_000_000_000
        /// The most pages in a row without an object.
        public var emptyPagesInARow = 100

        /// The limits above.
        public init() {}
    }

    /// What to ask the store next, nil behind the last page.
    public private(set) var request: ListRequest?

    private var check: ListingCheck
    private let limits: Limits
    private var pages = 0
    private var objects = 0
    private var emptyPages = 0

    /// A cursor before the first page of `request`.
    public init(_ request: ListRequest, limits: Limits = Limits()) {
        self.request = request
        self.limits = limits
        self.check = ListingCheck(request: request)
    }

    /// Takes the answer to ``request``: the page without repeated entries, or an error where it cannot be believed.
    ///
    /// - Parameters:
    ///   - page: the answer.
    ///   - store: what people call the store that answered.
    public mutating func admit(_ page: ObjectPage, from store: String) throws(ObjectStoreError) -> ObjectPage {
        pages += 1
        guard pages <= limits.pages else {
            throw ObjectStoreError(
                .tooLarge,
                "the listing of \(store) has more than \(limits.pages) pages",
                hint: "name a deeper location"
            )
        }
        let page = try check.admit(page, from: store)
        objects += page.count
        guard objects <= limits.objects else {
            throw ObjectStoreError(
                .tooLarge,
                "the listing of \(store) has more than \(limits.objects) objects",
                hint: "name a deeper location"
            )
        }
        emptyPages = page.count == 0 && page.commonPrefixes.isEmpty ? emptyPages + 1 : 0
        guard emptyPages <= limits.emptyPagesInARow else {
            throw ObjectStoreError(
                .inconsistentListing,
                "\(store) gave \(emptyPages) empty pages in a row that all claim to go on"
            )
        }
        if page.continuation == nil { request = nil } else { request?.continuation = page.continuation }
        return page
    }
}

extension ObjectStore {
    /// The page for a request of a ``ListingCursor``, asked for once more where it leads back to itself.
    ///
    /// A cache may have handed out the page before; a store whose token does not change would go on for ever.
    package func advance(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        let page = try await list(request)
        guard let token = page.continuation, token == request.continuation else { return page }
        return try await list(request)
    }
}
