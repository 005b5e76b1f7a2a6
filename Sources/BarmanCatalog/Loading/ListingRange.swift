internal import ObjectStorage
internal import Synchronization

/// A part of the key space that one cursor lists: the keys behind `start`, up to and with a boundary.
///
/// The boundary may move down while a page is under way; what the page has beyond it is then left to the range that
/// begins there, save its first key, which has to be the first of that range.
final class ListingRange: Sendable {
    /// What an undisturbed listing has behind the last key of a range.
    enum Next: Hashable {
        /// This key.
        case key(ObjectKey)
        /// Nothing: the listing ended.
        case end
    }

    /// A copy of what is known of a range.
    struct Snapshot {
        /// The last key that was taken; before the first, where the range begins, nil for the beginning of all.
        var position: [UInt8]?
        /// Where the range ends, nil for the end of the listing.
        var boundary: [UInt8]?
        var pages = 0
        var objects = 0
    }

    /// Where the range begins; the key itself, if there is one, belongs to the range before.
    let start: [UInt8]?

    fileprivate struct State {
        var cursor: ListingCursor
        var snapshot: Snapshot
        var scan: BucketScan
        var first: ObjectSummary?
        var last: ObjectKey?
        var newest = Int64.min
        var next: Next?
    }

    private let state: Mutex<State>

    init(prefix: ObjectKey, start: [UInt8]?, boundary: [UInt8]?, scan: BucketScan) {
        self.start = start
        let request = ListRequest(prefix: prefix, startAfter: start.map { ObjectKey(bytes: $0) })
        state = Mutex(
            State(
                cursor: ListingCursor(request),
                snapshot: Snapshot(position: start, boundary: boundary),
                scan: scan
            )
        )
    }

    var snapshot: Snapshot { state.withLock { $0.snapshot } }

    /// Whether all of the range was listed.
    var isDone: Bool { state.withLock { $0.next != nil } }

    /// What comes behind the range, once all of it was listed.
    var next: Next? { state.withLock { $0.next } }

    /// The first object of the range.
    var first: ObjectSummary? { state.withLock { $0.first } }

    /// The last key of the range.
    var last: ObjectKey? { state.withLock { $0.last } }

    /// The latest time at which any object of the range was written.
    var newest: Int64 { state.withLock { $0.newest } }

    /// The server that the listing is in, and its backup.info files, if that is none of `servers`.
    func backups(unless servers: Set<[UInt8]>) -> (server: [UInt8], infos: [ObjectSummary])? {
        state.withLock { state in
            guard let server = state.scan.current, !servers.contains(server.prefix) else { return nil }
            return (server.prefix, server.backups.values.compactMap(\.info))
        }
    }

    /// The scan of the objects; the range holds nothing afterwards.
    func takeScan(leaving empty: BucketScan) -> BucketScan {
        state.withLock { state in
            let scan = state.scan
            state.scan = empty
            return scan
        }
    }

    /// Whether a key belongs to the range.
    func covers(_ key: ObjectKey) -> Bool {
        guard start?.lexicographicallyPrecedes(key.bytes) ?? true else { return false }
        return snapshot.boundary.map { !$0.lexicographicallyPrecedes(key.bytes) } ?? true
    }

    /// Gives up what lies behind a boundary; false where the listing has come so far already.
    func cut(at boundary: [UInt8]) -> Bool {
        state.withLock { state in
            guard state.next == nil,
                state.snapshot.position?.lexicographicallyPrecedes(boundary) ?? true,
                state.snapshot.boundary.map({ boundary.lexicographicallyPrecedes($0) }) ?? true
            else { return false }
            state.snapshot.boundary = boundary
            return true
        }
    }

    /// Lists one more page.
    func takePage(from store: any ObjectStore) async throws {
        guard let request = state.withLock({ $0.cursor.request }) else { return }
        let page = try await store.advance(request)
        try state.withLock { try $0.take(page, from: store.name) }
    }
}

extension ListingRange.State {
    fileprivate mutating func take(_ answer: ObjectPage, from store: String) throws(ObjectStoreError) {
        let page = try cursor.admit(answer, from: store)
        let count = page.count(through: snapshot.boundary)
        try scan.add(page, count: count)
        snapshot.pages += 1
        snapshot.objects += count
        if count > 0 {
            first = first ?? page.summary(at: 0)
            let key = page.summary(at: count - 1).key
            (last, snapshot.position) = (key, key.bytes)
            for index in 0..<count { newest = max(newest, page.lastModified(at: index)) }
        }
        if count < page.count {
            next = .key(page.summary(at: count).key)
        } else if cursor.request == nil {
            next = .end
        }
    }
}

extension ObjectPage {
    /// How many of the objects, which are in order, come no later than a key.
    fileprivate func count(through boundary: [UInt8]?) -> Int {
        guard let boundary, count > 0 else { return count }
        return indices.partitionPoint { index in
            boundary.span.isBefore(key(at: index))
        }
    }
}
