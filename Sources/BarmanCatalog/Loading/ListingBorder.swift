internal import ObjectStorage

/// What cannot be so of a listing that was made in parts.
struct ListingContradiction: Error, CustomStringConvertible {
    let description: String
}

/// Where a range ended that is done: what the next one has to begin with.
struct ListingBorder {
    /// What to make of the range behind a border.
    enum Verdict {
        /// It fits.
        case fits
        /// Its listing lacks what is there now: it is to be listed anew.
        case isStale
    }

    /// The last key before the border, or where the listing began.
    private var last: [UInt8]?
    /// What the listing had behind it.
    private var next: ListingRange.Next

    /// The border behind a range; nil where the range is not done.
    ///
    /// A range without a key may be one that the store did not look for: a key that was seen before it is still to come.
    init?(behind range: ListingRange, after former: ListingBorder?) {
        guard let next = range.next else { return nil }
        last = range.last?.bytes ?? former?.last
        if range.first == nil, let former, case .key(let key) = former.next, !range.covers(key) {
            self.next = former.next
        } else {
            self.next = next
        }
    }

    /// Compares with the range behind, which is done.
    ///
    /// Objects come and go while they are listed. A key that was seen and is there, but not in the range, may have come
    /// behind its listing: to list the range anew tells, where to ask for a page behind some key would not, as that is
    /// what the store may not know how to do.
    func verdict(
        on range: ListingRange,
        prefix: ObjectKey,
        in store: any ObjectStore
    ) async throws(ObjectStoreError) -> Result<Verdict, ListingContradiction> {
        let first = range.first?.key
        if case .key(let key) = next {
            guard first != key, range.covers(key) else {
                if first == nil || first == key { return .success(.fits) }
                return try await verdict(onUnseen: first, prefix: prefix, in: store)
            }
            if first.map({ key < $0 }) ?? true {
                return .success(try await isThere(key, in: store) ? .isStale : .fits)
            }
        }
        return try await verdict(onUnseen: first, prefix: prefix, in: store)
    }

    /// What to make of a key that the listing up to the border did not have: it may have come since, or gone.
    private func verdict(
        onUnseen first: ObjectKey?,
        prefix: ObjectKey,
        in store: any ObjectStore
    ) async throws(ObjectStoreError) -> Result<Verdict, ListingContradiction> {
        guard let first, try await isThere(first, in: store) else { return .success(.fits) }
        let request = ListRequest(prefix: prefix, startAfter: last.map { ObjectKey(bytes: $0) })
        var cursor = ListingCursor(request)
        let page = try cursor.admit(try await store.list(request), from: store.name)
        guard page.count == 0 || page.summary(at: 0).key != first else { return .success(.fits) }
        return .failure(ListingContradiction(description: "a listing that came past \(first) had left it out"))
    }

    private func isThere(_ key: ObjectKey, in store: any ObjectStore) async throws(ObjectStoreError) -> Bool {
        do {
            _ = try await store.head(key)
            return true
        } catch  where error.code == .noSuchKey {
            return false
        }
    }
}
