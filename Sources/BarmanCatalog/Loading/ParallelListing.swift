internal import ObjectStorage

/// Lists a prefix with several cursors at once, each of which scans what it lists.
///
/// The ranges are put together in the order of the keys, so that the result is that of one cursor. No key is held
/// until that can be done: what a range keeps are runs. A listing of a few pages is done with one cursor.
///
/// It relies on three properties of the store: that a listing can begin behind a key that does not exist, that keys
/// come in byte order, that every page comes further. The last two are checked on every page. The first is checked at
/// every boundary: the cursor that comes up to it sees the first key behind, which must be the one that the cursor
/// from there on began with. Where one does not hold, everything is listed anew with one cursor.
struct ParallelListing {
    /// What was listed.
    struct Result {
        var scan: BucketScan
        var probe: EndProbe
        /// Why one cursor had to do, nil where nothing was wrong.
        var fallback: String?
        var pages: Int
    }

    /// How far it has come.
    struct Progress {
        var pages: Int
        var objects: Int
        var cursors: Int
        var pagesKnown: Int
    }

    let store: any ObjectStore
    let prefix: ObjectKey
    /// The most cursors at once.
    let cursors: Int
    /// A scan of nothing, as every range begins with.
    let empty: BucketScan
    /// Reads where the backups of a server begin and end, of which a range has listed the directory.
    let seeds: @Sendable ([UInt8], [ObjectSummary]) async -> Set<KeyPosition>
    let progress: @Sendable (Progress) -> Void

    private enum Event {
        case page(ListingRange)
        case seeds(Set<KeyPosition>)
    }

    /// Lists everything.
    func run() async throws -> Result {
        do {
            return try await run(cursors: cursors)
        } catch let contradiction as ListingContradiction {
            var result = try await run(cursors: 1)
            result.fallback = contradiction.description
            return result
        }
    }

    private func run(cursors most: Int) async throws -> Result {
        try await withThrowingTaskGroup(of: Event.self) { group in
            var table = RangeTable(prefix: prefix, empty: empty)
            var limit = CursorLimit(most: most, throttles: store.statistics.throttles)
            var seeded: Set<[UInt8]> = []
            while true {
                while table.busy < limit.value, let range = table.next(mayCut: most > 1) {
                    group.addTask { try await page(of: range) }
                }
                guard table.busy > 0 else { break }
                switch try await group.next() {
                case .page(let range)?:
                    table.listed(range)
                    limit.listed(throttles: store.statistics.throttles)
                    try await table.merge(checkingIn: store)
                    if most > 1, !range.isDone, let backups = range.backups(unless: seeded) {
                        seeded.insert(backups.server)
                        group.addTask { .seeds(await seeds(backups.server, backups.infos)) }
                    }
                case .seeds(let found)?: table.add(seeds: found)
                case nil: break
                }
                let known = max(table.pages, table.pagesKnown)
                progress(
                    Progress(
                        pages: table.pages,
                        objects: table.objects,
                        cursors: min(limit.value, table.open),
                        pagesKnown: known
                    )
                )
            }
            group.cancelAll()
            let (scan, probe) = table.result
            return Result(scan: scan, probe: probe, pages: table.pages)
        }
    }

    private func page(of range: ListingRange) async throws -> Event {
        do {
            try await range.takePage(from: store)
        } catch let error as ObjectStoreError where error.code == .inconsistentListing && range.start != nil {
            throw ListingContradiction(description: error.message)
        }
        return .page(range)
    }
}

/// How many cursors a store takes: half as many when it asks to slow down, one more after a while without.
struct CursorLimit {
    /// The most cursors at once, for now.
    private(set) var value: Int

    private let most: Int
    private var throttles: Int
    private var calm = 0

    // As TCP does it: 20 answers without complaint earn one cursor more.
    private static let patience = 20

    init(most: Int, throttles: Int) {
        self.most = max(1, most)
        self.throttles = throttles
        value = self.most
    }

    /// Takes note of an answer, and of how often the store has asked to slow down so far.
    mutating func listed(throttles now: Int) {
        if now > throttles {
            value = max(1, value / 2)
            (throttles, calm) = (now, 0)
            return
        }
        calm += 1
        if calm >= Self.patience, value < most { (value, calm) = (value + 1, 0) }
    }
}
