/// Holds every page of a listing against what was asked and against the page before.
struct ListingCheck: Sendable {
    private let request: ListRequest
    private var lastKey: [UInt8]?
    private var lastPrefix: ObjectKey?
    private var lastToken: ContinuationToken?

    init(request: ListRequest) {
        self.request = request
        self.lastKey = request.startAfter?.bytes
    }

    /// The page without repeated entries, or an error where it cannot be believed.
    mutating func admit(_ page: ObjectPage, from store: String) throws(ObjectStoreError) -> ObjectPage {
        if let token = page.continuation {
            guard token != lastToken else {
                throw inconsistent(store, "the listing does not advance: the same continuation token came twice")
            }
            lastToken = token
        }
        try checkPrefixes(of: page, store)
        var repeated: [Int] = []
        for index in page.indices where try checkKey(at: index, of: page, store) {
            repeated.append(index)
        }
        if page.count > 0 {
            lastKey = page.summary(at: page.count - 1).key.bytes
        }
        return repeated.isEmpty ? page : page.without(repeated)
    }

    /// Whether the key repeats the one before it.
    private func checkKey(at index: Int, of page: ObjectPage, _ store: String) throws(ObjectStoreError) -> Bool {
        let key = page.key(at: index)
        // What lies between two keys in order begins as they both do.
        guard index > 0 && index < page.count - 1 || key.starts(with: request.prefix.bytes.span) else {
            throw inconsistent(store, "key \(text(key)) lies outside the prefix \(request.prefix) that was asked for")
        }
        if index > 0 {
            switch page.key(at: index - 1).order(against: key) {
            case .ascending: return false
            case .equal: return try checkRepetition(at: index, of: page, store)
            case .descending:
                throw inconsistent(
                    store,
                    "keys are not in byte order: \(text(key)) came after a greater one",
                    orElse: ", or the bucket is a directory bucket of S3 Express, whose listings have no order"
                )
            }
        }
        guard let lastKey, lastKey.span.order(against: key) != .ascending else { return false }
        throw inconsistent(store, "key \(text(key)) came again or late: \(printable(lastKey)) was already past")
    }

    private func checkRepetition(
        at index: Int,
        of page: ObjectPage,
        _ store: String
    ) throws(ObjectStoreError) -> Bool {
        let (former, latter) = (page.summary(at: index - 1), page.summary(at: index))
        guard former == latter else {
            throw inconsistent(store, "key \(latter.key) came twice on one page with different properties")
        }
        return true
    }

    private mutating func checkPrefixes(of page: ObjectPage, _ store: String) throws(ObjectStoreError) {
        for prefix in page.commonPrefixes {
            guard prefix.hasPrefix(request.prefix) else {
                throw inconsistent(store, "common prefix \(prefix) lies outside \(request.prefix)")
            }
            if let lastPrefix, prefix <= lastPrefix {
                throw inconsistent(store, "common prefix \(prefix) came again or out of order")
            }
            lastPrefix = prefix
        }
    }

    private func inconsistent(_ store: String, _ what: String, orElse cause: String = "") -> ObjectStoreError {
        ObjectStoreError(
            .inconsistentListing,
            "the listing of \(store) contradicts itself: \(what)",
            hint: "nothing can be concluded from such a listing; the store or a proxy before it is at fault\(cause)"
        )
    }

    private func text(_ key: Span<UInt8>) -> String {
        printable(key.indices.map { key[$0] })
    }
}

extension ObjectPage {
    /// The page without the objects at `indices`, and with a note of each.
    fileprivate func without(_ indices: [Int]) -> ObjectPage {
        var page = ObjectPage(capacity: count - indices.count)
        page.continuation = continuation
        page.commonPrefixes = commonPrefixes
        page.suspicions = suspicions
        page.passedOver = passedOver
        for index in self.indices {
            if indices.contains(index) {
                page.suspicions.append("key \(summary(at: index).key) is listed twice")
            } else {
                page.append(summary(at: index))
            }
        }
        return page
    }
}
