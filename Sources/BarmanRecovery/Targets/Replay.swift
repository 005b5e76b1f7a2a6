internal import BarmanCatalog
internal import PostgresWAL

/// Follows a recovery through the WAL as PostgreSQL would, reading every record and writing nothing.
struct Replay {
    /// How it ended.
    enum Outcome: Hashable {
        /// The target stopped it.
        case stopped
        /// A segment is missing, or cannot be decompressed for this reason.
        case missing(MissingSegment)
        /// A record cannot be read: PostgreSQL takes it for the end of the WAL.
        case ended(WALEnd)
        /// A segment has another size than a segment has, which is fatal.
        case wrongSize(WALSegmentName, bytes: Int)
    }

    /// The segment that a recovery asked for in vain.
    struct MissingSegment: Hashable {
        var name: WALSegmentName
        var damage: String?
    }

    let path: TimelinePath
    let extent: BackupExtent
    let segmentSize: WALSegmentSize
    let systemIdentifier: UInt64?

    /// What was seen on the way.
    struct Trace {
        var isConsistent = false
        /// Where the last record that was replayed begins and ends, and the timeline that it belongs to.
        var last: (start: LSN, end: LSN, timeline: TimelineID)?
        /// The last transaction's end that was replayed.
        var before: TargetVerdict.Neighbour?
        /// The transaction's end that stopped the recovery, or the first behind the target.
        var after: TargetVerdict.Neighbour?
        /// The last segment read.
        var segment: WALSegmentName?
        /// How many segments were read.
        var segments = 0
        /// Whether a parent's copy was read where the child's was needed.
        var leftPath: WALSegmentName?
        var isStopped = false
    }

    /// Replays from the backup's begin until the target stops it or the WAL ends.
    func run(to target: RecoveryTarget, reading source: any WALSource) async throws -> (Outcome, Trace) {
        let rule = StopRule(target: target)
        var trace = Trace()
        var reader = WALReader(
            from: .record(extent.begin),
            segmentSize: segmentSize,
            ancestors: path.legs.map(\.timeline),
            systemIdentifier: systemIdentifier
        )
        var number = extent.firstSegment
        while true {
            let wanted = timelines(for: number, notBefore: trace.segment?.timeline)
            let (name, contents) = try await first(of: wanted, number, in: source)
            switch contents {
            case .notFound(let damage):
                return (.missing(MissingSegment(name: name, damage: damage)), trace)
            case .wrongSize(let bytes):
                return (.wrongSize(name, bytes: bytes), trace)
            case .bytes(let bytes):
                if name.timeline != wanted.first, trace.leftPath == nil { trace.leftPath = name }
                trace.segment = name
                trace.segments += 1
                try reader.beginSegment(number, timeline: name.timeline)
                try reader.feed(bytes.span) { see($0, rule, &trace) }
            }
            switch reader.status {
            case .stopped: return (.stopped, trace)
            case .ended(let end): return (.ended(end), trace)
            case .reading: return (.wrongSize(name, bytes: 0), trace)
            case .wantsSegment, .restIsUnused: break
            }
            guard number < .max else { return (.ended(reader.finish()), trace) }
            number += 1
        }
    }

    // PostgreSQL 15 and later decode so much WAL ahead of what they replay (`wal_decode_buffer_size`).
    private static let decodedAhead = 512 << 10

    /// The segment of a wrong size that read-ahead would come to from a record on, nil where there is none.
    ///
    /// Read-ahead fetches segments that the recovery itself would never have come to, and dies of their size.
    func wrongSizeAhead(of start: LSN, reading source: any WALSource) async throws -> WALSegmentName? {
        var reader = WALReader(
            from: .record(start),
            segmentSize: segmentSize,
            ancestors: path.legs.map(\.timeline),
            systemIdentifier: systemIdentifier
        )
        var ahead = 0
        var number = segmentSize.segmentNumber(of: start)
        var current: TimelineID?
        while ahead < Self.decodedAhead {
            let (name, contents) = try await first(of: timelines(for: number, notBefore: current), number, in: source)
            switch contents {
            case .wrongSize: return name
            case .notFound: return nil
            case .bytes(let bytes):
                try reader.beginSegment(number, timeline: name.timeline)
                try reader.feed(bytes.span) { record in
                    ahead += Int(record.length)
                    return ahead < Self.decodedAhead ? .next : .stop
                }
            }
            guard reader.status == .wantsSegment || reader.status == .restIsUnused, number < .max else { return nil }
            current = name.timeline
            number += 1
        }
        return nil
    }

    private func see(_ record: WALRecord, _ rule: StopRule, _ trace: inout Trace) -> WALReader.Step {
        let neighbour = record.event?.transactionEnd.map { TargetVerdict.Neighbour(time: $0.time, lsn: record.start) }
        if rule.stopsBefore(record, isConsistent: trace.isConsistent) {
            trace.after = neighbour
            trace.isStopped = true
            return .stop
        }
        trace.last = (record.start, record.end, path.owner(of: record.start))
        if let neighbour { trace.before = neighbour }
        if record.end >= extent.end { trace.isConsistent = true }
        if rule.stopsAfter(record, isConsistent: trace.isConsistent) {
            trace.isStopped = true
            return .stop
        }
        return .next
    }

    /// The timelines from which PostgreSQL tries to take a segment, youngest first (`XLogFileReadAnyTLI`).
    private func timelines(for segment: UInt64, notBefore current: TimelineID?) -> [TimelineID] {
        path.legs.reversed().filter { leg in
            segment >= leg.segments.lowerBound && current.map { leg.timeline >= $0 } ?? true
        }.map(\.timeline)
    }

    /// What the first timeline that has the segment delivers, else why the first one does not.
    private func first(
        of timelines: [TimelineID],
        _ number: UInt64,
        in source: any WALSource
    ) async throws -> (WALSegmentName, WALSegmentContents) {
        var missing: (WALSegmentName, WALSegmentContents)?
        for timeline in timelines {
            let name = WALSegmentName(timeline: timeline, number: number, size: segmentSize)
            let contents = try await source.contents(of: name)
            if case .notFound = contents {
                missing = missing ?? (name, contents)
                continue
            }
            return (name, contents)
        }
        let own = WALSegmentName(timeline: path.target, number: number, size: segmentSize)
        return missing ?? (own, .notFound(damage: nil))
    }
}
