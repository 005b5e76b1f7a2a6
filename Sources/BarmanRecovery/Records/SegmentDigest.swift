internal import BarmanCatalog
internal import PostgresWAL

/// What one segment says by itself, without those before it.
struct SegmentDigest {
    /// How it ends.
    enum Ending: Hashable {
        /// The WAL goes on in the next segment.
        case goesOn
        /// A record in it cannot be read: PostgreSQL takes it for the end of the WAL.
        case breaksOff(WALEnd)
        /// From here on it was written with `wal_level = minimal`, which is fatal.
        case refused(LSN)
        /// It is not there, or cannot be expanded for this reason.
        case missing(damage: String?)
        /// It has another size than a segment has, which is fatal.
        case wrongSize(Int)
        /// It is of a release that cannot be read.
        case unreadable(WALError)
    }

    /// What was delivered, or asked for.
    let name: WALSegmentName
    let number: UInt64
    /// Whether it is of the timeline that the path wants it from.
    let isOwn: Bool
    private(set) var ending: Ending = .goesOn
    /// The next segment, where the last record cannot be read on there.
    private(set) var breaksOffIn: WALSegmentName?
    /// Whether a switch that begins in the segment before leaves all of it unused.
    private(set) var isUnused = false
    /// Whether no record was passed over because it ends in the next segment.
    private(set) var isWhole = true

    /// The last end of a transaction that begins in it.
    private(set) var lastTransaction: TargetVerdict.Neighbour?
    /// The transaction that ended last.
    private(set) var lastXID: TransactionID?
    /// The latest time of a transaction's end.
    private(set) var latestEnd: TimestampTZ?
    /// The first and the last checkpoint.
    private(set) var firstCheckpoint: Checkpoint?
    private(set) var lastCheckpoint: Checkpoint?

    /// Reads what was delivered, and of the next segment as much as belongs to the last record.
    init(
        number: UInt64,
        _ delivery: PathReader.Delivery,
        followedBy next: PathReader.Delivery? = nil,
        in reader: PathReader
    ) {
        self.number = number
        name = delivery.name
        isOwn = delivery.isOwn
        switch delivery.contents {
        case .notFound(let damage): ending = .missing(damage: damage)
        case .wrongSize(let bytes): ending = .wrongSize(bytes)
        case .bytes(let bytes):
            do throws(WALError) {
                try read(bytes, next, until: reader.limit(of: delivery), in: reader)
            } catch {
                ending = .unreadable(error)
            }
        }
    }

    private mutating func read(
        _ bytes: [UInt8],
        _ next: PathReader.Delivery?,
        until limit: LSN?,
        in reader: PathReader
    ) throws(WALError) {
        var records = reader.records(from: .firstRecord)
        let end = reader.segmentSize.start(of: number).rawValue + UInt64(reader.segmentSize.bytes)
        try records.beginSegment(number, timeline: name.timeline)
        try records.feedForEvents(bytes.span) { record in
            see(record, until: limit)
            return isRefused ? .stop : .next
        }
        if isRefused { return }
        if case .ended(let end) = records.status { ending = .breaksOff(end) }
        guard case .inputEndsInsideRecord = records.finish().reason else { return }
        isWhole = false
        guard let next else { return }
        isWhole = true
        guard case .bytes(let rest) = next.contents else { return }
        var isComplete = false
        try records.beginSegment(number + 1, timeline: next.name.timeline)
        try records.feed(rest.span) { record in
            guard record.start.rawValue < end else { return .stop }
            isComplete = true
            see(record, until: limit)
            return .next
        }
        // What ends behind that record is none of its business.
        if case .ended(let end) = records.status, !isComplete {
            ending = .breaksOff(end)
            breaksOffIn = next.name
        }
    }

    /// Whether nothing is in it but as many bytes as may be missing of the header of a switch.
    func mayBeUnused(size: WALSegmentSize) -> Bool {
        guard case .breaksOff(let end) = ending, end.reason == .zeroLength else { return false }
        // The header of the first page has 40 bytes, that of a record 24, and records begin at multiples of 8.
        let written = end.position.rawValue - size.start(of: number).rawValue
        return written == 40 + 8 || written == 40 + 16
    }

    /// Looks whether a switch in the segment before ends in this one, which `delivery` has the bytes of.
    mutating func learn(
        from previous: PathReader.Delivery,
        _ delivery: PathReader.Delivery,
        in reader: PathReader
    ) throws(WALError) {
        guard case .bytes(let before) = previous.contents, case .bytes(let bytes) = delivery.contents else { return }
        var records = reader.records(from: .firstRecord)
        try records.beginSegment(number - 1, timeline: previous.name.timeline)
        try records.feedForEvents(before.span) { _ in .next }
        guard records.status == .wantsSegment else { return }
        try records.beginSegment(number, timeline: delivery.name.timeline)
        try records.feedForEvents(bytes.span) { _ in .next }
        guard records.status == .wantsSegment || records.status == .restIsUnused else { return }
        (isUnused, ending) = (true, .goesOn)
    }

    private mutating func see(_ record: WALRecord, until limit: LSN?) {
        if let limit, record.end > limit { return }
        guard let event = record.event else { return }
        switch event {
        case .commit(let end), .abort(let end):
            lastTransaction = TargetVerdict.Neighbour(time: end.time, lsn: record.start)
            lastXID = end.xid
            latestEnd = max(latestEnd ?? end.time, end.time)
        case .checkpoint(let checkpoint):
            firstCheckpoint = firstCheckpoint ?? checkpoint
            lastCheckpoint = checkpoint
        case .parameterChange(let change): if change.isMinimal { ending = .refused(record.start) }
        case .endOfRecovery, .restorePoint, .backupEnd, .segmentSwitch: break
        }
    }

    private var isRefused: Bool {
        if case .refused = ending { true } else { false }
    }
}
