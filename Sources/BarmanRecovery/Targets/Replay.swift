internal import BarmanCatalog
internal import PostgresWAL

/// Follows a recovery through the WAL as PostgreSQL would, reading every record and writing nothing.
struct Replay {
    /// Where to begin to read.
    enum Start: Hashable {
        /// Where the recovery begins.
        case backup
        /// With the first record of a later segment: what lies before it is known to be replayed.
        case segment(UInt64)
    }

    /// How it ended.
    enum Outcome: Hashable {
        /// The target stopped it.
        case stopped
        /// Behind a checkpoint at which the transaction had ended that was asked for, and it was not met.
        case passed
        /// A segment is missing, or cannot be decompressed for this reason.
        case missing(MissingSegment)
        /// A record cannot be read: PostgreSQL takes it for the end of the WAL.
        case ended(WALEnd)
        /// A segment has another size than a segment has, which is fatal.
        case wrongSize(WALSegmentName, number: UInt64, bytes: Int)
        /// From here on the WAL was written with `wal_level = minimal`, which is fatal.
        case refused(WALSegmentName, number: UInt64, at: LSN)
    }

    /// The segment that a recovery asked for in vain.
    struct MissingSegment: Hashable {
        var name: WALSegmentName
        var number: UInt64
        var damage: String?
    }

    let reader: PathReader
    let extent: BackupExtent
    /// How a replay for the same target ended that began with a younger backup of the same path, nil for none.
    var known: KnownEnd?
    /// What finds the way past segments in which no transaction ends, nil to read them all.
    var idle: IdleStretch?

    /// A record that another replay may come to as well.
    struct Joint: Hashable {
        /// Where it begins.
        var start: LSN
        /// The segment in which it ends.
        var segment: WALSegmentName?
    }

    /// What was seen on the way.
    struct Trace {
        var isConsistent = false
        /// Where the last record that was replayed begins and ends, and the timeline that it belongs to.
        var last: (start: LSN, end: LSN, timeline: TimelineID)?
        /// The last transaction's end that was replayed.
        var before: TargetVerdict.Neighbour?
        /// The transaction's end that stopped the recovery, or the first behind the target.
        var after: TargetVerdict.Neighbour?
        /// The last segment read, with its number.
        var segment: WALSegmentName?
        var number: UInt64?
        /// Whether a parent's copy was read where the child's was needed.
        var leftPath: WALSegmentName?
        /// Whether a checkpoint shows that the transaction that was asked for has ended before.
        var hasPassed = false
        /// The first record that was replayed in a consistent state.
        var joint: Joint?
        /// Whether it came to where a known replay had been.
        var hasJoined = false
        /// The record that PostgreSQL refuses to go on at.
        var refusedAt: LSN?
        /// Whether the last checkpoint was an idle one, and no transaction has ended since.
        var isIdle = false
    }

    /// Replays until the target stops it or the WAL ends.
    ///
    /// - Parameter keepsPath: whether to end where PostgreSQL would leave the path with records behind a fork.
    func run(by rule: StopRule, from start: Start = .backup, keepsPath: Bool = false) async throws -> (Outcome, Trace) {
        var trace = Trace()
        var records: WALReader
        var number: UInt64
        var isAtFork = false
        switch start {
        case .backup:
            records = reader.records(from: .record(extent.begin))
            number = extent.firstSegment
        case .segment(let first):
            records = reader.records(from: .firstRecord)
            number = try await reader.digest(of: first).isUnused ? first + 1 : first
            trace.segment = number > 0 ? name(of: number - 1) : nil
        }
        while true {
            let delivery = try await reader.delivery(of: number, notBefore: trace.segment?.timeline)
            switch delivery.contents {
            case .notFound(let damage):
                return (.missing(MissingSegment(name: delivery.name, number: number, damage: damage)), trace)
            case .wrongSize(let bytes):
                return (.wrongSize(delivery.name, number: number, bytes: bytes), trace)
            case .bytes(let bytes):
                if !delivery.isOwn, trace.leftPath == nil { trace.leftPath = delivery.name }
                trace.segment = delivery.name
                trace.number = number
                try records.beginSegment(number, timeline: delivery.name.timeline)
                let limit = keepsPath ? reader.limit(of: delivery) : nil
                try records.feed(bytes.span) { record in
                    if let limit, record.end > limit {
                        isAtFork = true
                        return .stop
                    }
                    return see(record, rule, &trace)
                }
            }
            switch records.status {
            case .stopped where isAtFork:
                let own = name(of: number)
                return (.missing(MissingSegment(name: own, number: number, damage: nil)), trace)
            case .stopped:
                if let lsn = trace.refusedAt { return (.refused(delivery.name, number: number, at: lsn), trace) }
                if trace.hasJoined, let known { return (known.outcome, trace.goingOn(with: known.trace)) }
                return (trace.hasPassed ? .passed : .stopped, trace)
            case .ended(let end): return (.ended(end), trace)
            case .reading: return (.wrongSize(delivery.name, number: number, bytes: 0), trace)
            case .wantsSegment, .restIsUnused: break
            }
            guard number < .max else { return (.ended(records.finish()), trace) }
            if trace.isIdle, trace.isConsistent, isLong(since: trace.before?.lsn, number),
                let next = try await idle?.next(behind: number)
            {
                records = reader.records(from: .firstRecord)
                number = next
                trace.segment = name(of: next - 1)
            } else {
                number += 1
            }
            trace.isIdle = false
        }
    }

    // From so many segments on without the end of a transaction it is worth to look for where they end.
    private static let mostReadInVain: UInt64 = 2

    private func isLong(since lsn: LSN?, _ number: UInt64) -> Bool {
        let first = lsn.map { reader.segmentSize.segmentNumber(of: $0) } ?? extent.firstSegment
        return number > first + Self.mostReadInVain
    }

    private func name(of number: UInt64) -> WALSegmentName {
        WALSegmentName(timeline: reader.path.timeline(of: number), number: number, size: reader.segmentSize)
    }

    private func see(_ record: WALRecord, _ rule: StopRule, _ trace: inout Trace) -> WALReader.Step {
        if trace.isConsistent {
            if let known, record.start == known.joint.start, trace.segment == known.joint.segment {
                trace.hasJoined = true
                return .stop
            }
            trace.joint = trace.joint ?? Joint(start: record.start, segment: trace.segment)
        }
        let neighbour = record.event?.transactionEnd.map { TargetVerdict.Neighbour(time: $0.time, lsn: record.start) }
        if rule.stopsBefore(record, isConsistent: trace.isConsistent) {
            trace.after = neighbour
            return .stop
        }
        if case .parameterChange(let change)? = record.event, change.isMinimal {
            trace.refusedAt = record.start
            return .stop
        }
        trace.last = (record.start, record.end, reader.path.owner(of: record.start))
        if let neighbour {
            trace.before = neighbour
            trace.isIdle = false
        } else if case .checkpoint(let checkpoint)? = record.event {
            trace.isIdle = checkpoint.isIdle
        }
        if record.end >= extent.end { trace.isConsistent = true }
        if rule.stopsAfter(record, isConsistent: trace.isConsistent) { return .stop }
        if rule.hasPassed(record) {
            trace.hasPassed = true
            return .stop
        }
        return .next
    }
}

extension Replay {
    // PostgreSQL 15 and later decode so much WAL ahead of what they replay (`wal_decode_buffer_size`).
    private static let decodedAhead = 512 << 10

    /// What lies before read-ahead.
    enum Ahead {
        /// Nothing that it would die of.
        case clear
        /// A segment of a wrong size.
        case wrongSize(WALSegmentName)
        /// Not known from this segment on, which was not read any more.
        case unread(UInt64)
    }

    /// What read-ahead would come to from a record on.
    ///
    /// Read-ahead fetches segments that the recovery itself would never have come to, and dies of their size.
    ///
    /// - Parameter most: how many segments to read at most: where they have little in them, PostgreSQL goes far.
    func ahead(of start: LSN, most: UInt64) async throws -> Ahead {
        var records = reader.records(from: .record(start))
        var ahead = 0
        var number = reader.segmentSize.segmentNumber(of: start)
        var current: TimelineID?
        let first = number
        while ahead < Self.decodedAhead, number - first < most {
            let delivery = try await reader.delivery(of: number, notBefore: current)
            switch delivery.contents {
            case .wrongSize: return .wrongSize(delivery.name)
            case .notFound: return .clear
            case .bytes(let bytes):
                try records.beginSegment(number, timeline: delivery.name.timeline)
                try records.feed(bytes.span) { record in
                    ahead += Int(record.length)
                    return ahead < Self.decodedAhead ? .next : .stop
                }
            }
            guard records.status == .wantsSegment || records.status == .restIsUnused, number < .max else {
                return .clear
            }
            current = delivery.name.timeline
            number += 1
        }
        return ahead < Self.decodedAhead ? .unread(number) : .clear
    }
}
