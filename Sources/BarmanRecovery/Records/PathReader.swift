internal import BarmanCatalog
internal import PostgresWAL

/// Reads the segments of a path as a recovery along it would get them, in any order.
///
/// It holds the contents of the two segments that were read last (of one, if they are large), and what any segment
/// said.
final class PathReader {
    /// What a restore command delivered for a segment of the path.
    struct Delivery {
        /// The segment that was delivered, or asked for first where none was.
        var name: WALSegmentName
        /// Whether it is of the timeline that the path wants it from.
        var isOwn: Bool
        var contents: WALSegmentContents
    }

    let path: TimelinePath
    let segmentSize: WALSegmentSize
    let systemIdentifier: UInt64?

    /// The numbers of the segments that were read, those that were not there left out.
    private(set) var opened: Set<UInt64> = []

    private let source: any WALSource
    private var recent: [(number: UInt64, delivery: Delivery)] = []
    private var digests: [UInt64: SegmentDigest] = [:]
    private var ahead: [WALSegmentName: Task<WALSegmentContents, any Error>] = [:]
    private var readsAheadThrough: UInt64?
    // Many a chain is left in its first segment.
    private var hasReadFirst = false

    init(_ path: TimelinePath, segmentSize: WALSegmentSize, systemIdentifier: UInt64?, source: any WALSource) {
        self.path = path
        self.segmentSize = segmentSize
        self.systemIdentifier = systemIdentifier
        self.source = source
    }

    deinit {
        for task in ahead.values { task.cancel() }
    }

    /// Lets go of the contents that it holds, and of what is being fetched; what segments said stays known.
    func release() {
        recent = []
        for task in ahead.values { task.cancel() }
        ahead = [:]
        (readsAheadThrough, hasReadFirst) = (nil, false)
    }

    // As much as may lie in memory for segments that nobody asked for yet.
    private static let mostBytesAhead = 128 << 20

    /// From the second segment on that is read from now on, fetches those behind it while it is being read, up to the
    /// last one that the names show.
    func readAhead(through last: UInt64?) {
        (readsAheadThrough, hasReadFirst) = (last, false)
    }

    /// What a recovery would get for a segment, coming from a timeline.
    ///
    /// PostgreSQL tries the timelines of its path, youngest first, but none before the one that it is on
    /// (`XLogFileReadAnyTLI`).
    func delivery(of number: UInt64, notBefore current: TimelineID? = nil) async throws -> Delivery {
        if let held = recent.first(where: { $0.number == number }), held.delivery.isOwn { return held.delivery }
        let timelines = path.legs.reversed().filter { leg in
            number >= leg.segments.lowerBound && current.map { leg.timeline >= $0 } ?? true
        }.map(\.timeline)
        var missing: Delivery?
        for timeline in timelines {
            let name = WALSegmentName(timeline: timeline, number: number, size: segmentSize)
            let contents = try await fetch(name, number)
            let delivery = Delivery(name: name, isOwn: timeline == timelines.first, contents: contents)
            if case .notFound(let damage) = contents {
                if damage != nil { opened.insert(number) }
                missing = missing ?? delivery
                continue
            }
            opened.insert(number)
            hold(delivery, number)
            return delivery
        }
        let own = WALSegmentName(timeline: path.target, number: number, size: segmentSize)
        return missing ?? Delivery(name: own, isOwn: true, contents: .notFound(damage: nil))
    }

    /// What a segment says by itself.
    ///
    /// - Parameter whole: whether the record counts in full that begins in the segment and ends in the next one,
    ///   which then is read too.
    func digest(of number: UInt64, whole: Bool = false) async throws -> SegmentDigest {
        if let known = digests[number], !whole || known.isWhole { return known }
        let before = number > 0 ? path.timeline(of: number - 1) : nil
        let delivery = try await delivery(of: number, notBefore: before)
        var digest = SegmentDigest(number: number, delivery, in: self)
        if whole, !digest.isWhole, number < .max {
            let next = try await self.delivery(of: number + 1, notBefore: delivery.name.timeline)
            digest = SegmentDigest(number: number, delivery, followedBy: next, in: self)
        }
        if number > 0, digest.mayBeUnused(size: segmentSize) {
            try digest.learn(from: await self.delivery(of: number - 1), delivery, in: self)
        }
        digests[number] = digest
        return digest
    }

    /// What the segments of a range said that were looked at, in order.
    func digests(in segments: ClosedRange<UInt64>) -> [SegmentDigest] {
        digests.values.filter { segments.contains($0.number) }.sorted { $0.number < $1.number }
    }

    /// Reads records of the path, from its segments as they are fed to it.
    func records(from start: WALReader.Start) -> WALReader {
        WALReader(
            from: start,
            segmentSize: segmentSize,
            ancestors: path.legs.map(\.timeline),
            systemIdentifier: systemIdentifier
        )
    }

    /// Up to where the records of a delivered segment belong to the path; nil for all of them.
    ///
    /// The copy of a timeline that the path leaves in that segment goes on behind the fork.
    func limit(of delivery: Delivery) -> LSN? {
        delivery.isOwn ? nil : path.leg(on: delivery.name.timeline)?.positions.upperBound
    }

    private func hold(_ delivery: Delivery, _ number: UInt64) {
        recent.removeAll { $0.number == number }
        recent.append((number, delivery))
        if recent.count > 2 || segmentSize.bytes > Self.mostBytesAhead / 2 && recent.count > 1 { recent.removeFirst() }
    }

    private func fetch(_ name: WALSegmentName, _ number: UInt64) async throws -> WALSegmentContents {
        let under = ahead.removeValue(forKey: name)
        let source = source
        defer { hasReadFirst = true }
        if let last = readsAheadThrough, number < last, hasReadFirst {
            let most = UInt64(max(1, min(8, Self.mostBytesAhead / segmentSize.bytes)))
            for next in number + 1...min(last, number + most) {
                let name = WALSegmentName(timeline: path.timeline(of: next), number: next, size: segmentSize)
                if ahead[name] == nil { ahead[name] = Task { try await source.contents(of: name) } }
            }
        }
        guard let under else { return try await source.contents(of: name) }
        return try await under.value
    }
}
