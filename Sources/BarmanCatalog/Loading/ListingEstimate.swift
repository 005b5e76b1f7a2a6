public import ObjectStorage
internal import PostgresWAL

/// What it would take to look at a location, found out with a few requests.
public struct ListingEstimate: Hashable, Sendable {
    /// Servers found.
    public var servers = 0
    /// About how many objects there are; at least so many where ``isComplete`` is false.
    public var objects = 0
    /// How many backup.info and history files and annotations would be read, as far as they were seen.
    public var reads = 0
    /// Whether all servers and timelines were come upon before the requests were used up.
    public var isComplete = true

    /// LIST requests of a load: pages of 1,000, what cutting the listing costs, and the probe behind its end.
    public var listRequests: Int {
        let pages = max(1, (objects + 999) / 1000)
        return pages + (pages > 6 ? pages * 4 / 100 + 2 : 0) + 1
    }

    /// Nothing found yet.
    public init() {}
}

extension CatalogLoader {
    /// About what a load of the location would take.
    ///
    /// It goes from server to server and from timeline to timeline, reads one page of each, and looks for the last
    /// directory of WAL by halving. In between it takes the directories to be as full as those that it saw.
    ///
    /// - Parameters:
    ///   - location: where to look.
    ///   - requests: the most LIST requests to make.
    /// - Throws: `ObjectStoreError` where the store could not be looked at.
    public func estimate(
        _ location: ArchiveLocation,
        requests: Int = 100
    ) async throws(ObjectStoreError) -> ListingEstimate {
        let scope = try await ListingScope(of: location, in: store).prefixes
        var sum = ListingEstimate()
        var servers: Set<[UInt8]> = []
        for prefix in scope {
            var estimator = ListingEstimator(store: store, prefix: prefix, requests: max(1, requests / scope.count))
            try await estimator.run()
            let estimate = estimator.estimate
            servers.formUnion(estimator.servers)
            sum.objects += estimate.objects
            sum.reads += estimate.reads
            sum.isComplete = sum.isComplete && estimate.isComplete
        }
        sum.servers = servers.count
        return sum
    }
}

/// Finds out how much there is in a location without listing it.
struct ListingEstimator {
    private(set) var estimate = ListingEstimate()

    private let store: any ObjectStore
    private let prefix: [UInt8]
    private var requests: Int
    private(set) var servers: Set<[UInt8]> = []

    init(store: any ObjectStore, prefix: [UInt8], requests: Int) {
        self.store = store
        self.prefix = prefix
        self.requests = requests
    }

    /// Goes through the location, from one place that is worth a page to the next.
    mutating func run() async throws(ObjectStoreError) {
        var start: [UInt8]?
        while let page = try await self.page(after: start) {
            guard page.count > 0 else { return }
            estimate.objects += page.count
            note(page)
            let last = page.summary(at: page.count - 1).key.bytes
            guard page.continuation != nil else { return }
            start = try await next(behind: last, on: page)
        }
        estimate.isComplete = false
    }

    /// A page, nil where no more may be asked for.
    private mutating func page(after start: [UInt8]?, maxKeys: Int = 1000) async throws(ObjectStoreError) -> ObjectPage?
    {
        guard requests > 0 else { return nil }
        requests -= 1
        let request = ListRequest(
            prefix: ObjectKey(bytes: prefix),
            startAfter: start.map { ObjectKey(bytes: $0) },
            maxKeys: maxKeys
        )
        var cursor = ListingCursor(request)
        return try cursor.admit(try await store.list(request), from: store.name)
    }

    private mutating func note(_ page: ObjectPage) {
        for index in page.indices {
            guard let place = BarmanLayout.place(of: page.key(at: index), from: prefix.count), place.isCertain else {
                continue
            }
            let server = page.key(at: index).extracting(0..<place.serverEnd).copy
            var isAnnotation = false
            if case .backup(_, .keep) = place.role { isAnnotation = true }
            // The annotations of a server may lie below a doubled slash.
            servers.insert(isAnnotation ? BucketScan.withoutDoubledSlash(server) ?? server : server)
            switch place.role {
            case .backup(_, .info), .backup(_, .keep): estimate.reads += 1
            case .wal(let file, _, _):
                if case .timelineHistory = file.kind { estimate.reads += 1 }
            default: break
            }
        }
        estimate.servers = servers.count
    }

    /// Where to go on: behind the timeline that the page ends on, once its end is found.
    private mutating func next(behind last: [UInt8], on page: ObjectPage) async throws(ObjectStoreError) -> [UInt8] {
        guard let position = KeyPosition(of: last, from: prefix.count), let directory = position.directory,
            position.isSafeToCut
        else { return last }
        let density = Self.density(of: page, from: prefix.count, upTo: position)
        var (inside, outside) = (directory.log, UInt32.max)
        var step: UInt32 = 64
        while outside - inside > max(4, (outside &- directory.log) / 16), inside < .max {
            let probe =
                outside == .max ? inside.addingReportingOverflow(step) : (inside + (outside - inside) / 2, false)
            guard !probe.1 else { break }
            let boundary = position.start(of: .init(timeline: directory.timeline, log: probe.0))
            guard let found = try await self.page(after: boundary, maxKeys: 1) else {
                estimate.isComplete = false
                break
            }
            let key = found.count > 0 ? KeyPosition(of: found.summary(at: 0).key.bytes, from: prefix.count) : nil
            if let key, key.server == position.server, key.directory?.timeline == directory.timeline {
                (inside, step) = (key.directory?.log ?? probe.0, step < 1 << 24 ? step * 4 : step)
            } else {
                outside = probe.0
            }
        }
        estimate.objects += Int(Double(inside - directory.log) * density)
        guard directory.timeline < .max else { return position.endOfWAL }
        return position.start(ofTimeline: directory.timeline + 1)
    }

    /// How many objects a directory of WAL holds, by those that a page shows whole: 256 segments where it shows none.
    private static func density(of page: ObjectPage, from start: Int, upTo last: KeyPosition) -> Double {
        var counts: [UInt32: Int] = [:]
        for index in page.indices.reversed() {
            guard let position = KeyPosition(of: page.summary(at: index).key.bytes, from: start),
                position.server == last.server, let directory = position.directory,
                directory.timeline == last.directory?.timeline
            else { break }
            counts[directory.log, default: 0] += 1
        }
        // The first and the last may go on before and behind the page.
        guard let first = counts.keys.min(), let end = counts.keys.max(), end - first > 1 else { return 256 }
        let whole = counts.filter { $0.key > first && $0.key < end }.reduce(0) { $0 + $1.value }
        return Double(whole) / Double(end - first - 1)
    }
}
