/// Reads the records of consecutive WAL segments, fed in pieces of any size.
///
/// The bytes come as they come out of a decompressor; nothing of them is kept, however long a record is:
///
/// ```swift
/// var reader = WALReader(from: .firstRecord, segmentSize: .standard, ancestors: [1])
/// for segment in path {
///     try reader.beginSegment(segment.number, timeline: segment.timeline)
///     for chunk in chunks(of: segment) where reader.status == .reading {
///         try reader.feed(chunk.span) { record in
///             guard case .commit(let commit)? = record.event, commit.time > target else { return .next }
///             return .stop
///         }
///     }
/// }
/// let end = reader.finish()
/// ```
///
/// It reads what PostgreSQL would replay and ends where PostgreSQL would end: every page header, every link to the
/// record before and every checksum is looked at, and the first that is not right is a ``WALEnd``. The segments may
/// go from one timeline to its child; the pages that the child took over carry the number of an ancestor.
public struct WALReader: ~Copyable {
    /// Where to begin.
    public enum Start: Hashable, Sendable {
        /// The first record that begins in the first segment: the rest of one from before is passed over.
        case firstRecord
        /// The record that begins exactly here, in the first segment.
        ///
        /// The pages before its own are not looked at, save the first of the segment.
        case record(LSN)
    }

    /// What to do after a record.
    public enum Step: Hashable, Sendable {
        /// Read the next one.
        case next
        /// Read no more: it was found.
        case stop
    }

    /// What the reader can use next.
    public enum Status: Hashable, Sendable {
        /// A segment: the first, or the next one.
        case wantsSegment
        /// More bytes of the segment.
        case reading
        /// A segment: this one was switched, and its rest, which may be fed, holds nothing.
        case restIsUnused
        /// Nothing: it was told to stop.
        case stopped
        /// Nothing: the WAL ends.
        case ended(WALEnd)
    }

    /// The segment size of the cluster.
    public let segmentSize: WALSegmentSize

    /// The number that `initdb` gave the cluster: the one that was expected, or that of the first page.
    public internal(set) var systemIdentifier: UInt64?

    /// The format of the WAL, known once the first page was seen.
    public internal(set) var format: WALFormat?

    /// Where the last whole record begins, nil before the first one.
    public internal(set) var lastRecord: LSN?

    /// How many whole records were read, those that were not shown included.
    public internal(set) var recordCount = 0

    let start: Start
    let ancestors: [TimelineID]
    var timeline: TimelineID?

    /// Where the next byte lies.
    var position: UInt64 = 0
    var segmentEnd: UInt64 = 0
    /// Where the page ends whose header was read last; there, the next header is due.
    var pageEnd: UInt64 = 0
    var phase: Phase = .records
    var end: WALEnd?
    var failure: WALError?
    var isStopped = false
    /// The timeline of the page before.
    var pageTimeline: TimelineID?
    /// A page header of which only a part has arrived.
    var headerBytes: [UInt8] = []
    var partial: PartialRecord

    /// What the next bytes are, apart from the headers of pages.
    enum Phase: Equatable {
        /// The beginning of a record.
        case records
        /// What follows of the partial record.
        case partialRecord
        /// The rest of a record that began before the start.
        case continuation(Int)
        /// Zeros up to the next multiple of eight.
        case padding(Int)
        /// Bytes before the record to start from, which are not looked at, save the headers of its page and the first.
        case seek(UInt64)
        /// The rest of a segment that was switched.
        case unused
    }

    /// Which records are shown.
    enum Shown {
        case all, events
    }

    /// A reader that has seen nothing yet.
    ///
    /// - Parameters:
    ///   - start: Where to begin.
    ///   - segmentSize: The cluster's segment size.
    ///   - ancestors: The timelines, besides that of a segment itself, that its pages may belong to; a timeline
    ///     above that of the segment is never accepted.
    ///   - systemIdentifier: The cluster, nil to take that of the first page.
    public init(
        from start: Start,
        segmentSize: WALSegmentSize,
        ancestors: [TimelineID] = [],
        systemIdentifier: UInt64? = nil
    ) {
        self.init(
            from: start,
            segmentSize: segmentSize,
            ancestors: ancestors,
            systemIdentifier: systemIdentifier,
            crc: CRC32C()
        )
    }

    package init(
        from start: Start,
        segmentSize: WALSegmentSize,
        ancestors: [TimelineID],
        systemIdentifier: UInt64?,
        crc: CRC32C
    ) {
        self.start = start
        self.segmentSize = segmentSize
        self.ancestors = ancestors
        self.systemIdentifier = systemIdentifier
        self.partial = PartialRecord(crc: crc)
    }

    /// What the reader can use next.
    public var status: Status {
        if let end { return .ended(end) }
        if isStopped { return .stopped }
        if position == segmentEnd { return .wantsSegment }
        return phase == .unused ? .restIsUnused : .reading
    }

    /// Begins the first segment, or the one that follows the last.
    ///
    /// If the segment before was not fed to its end, and was not switched either, the WAL ends there. Once the
    /// WAL has ended, or the reader was stopped, this does nothing.
    ///
    /// - Parameters:
    ///   - number: The position of the segment in the stream, in segments.
    ///   - timeline: The timeline that its name tells.
    public mutating func beginSegment(_ number: UInt64, timeline: TimelineID) throws(WALError) {
        if let failure { throw failure }
        guard end == nil, !isStopped else { return }
        let (next, overflow) = number.addingReportingOverflow(1)
        let segmentStart = segmentSize.start(of: number).rawValue
        let nextStart = segmentSize.start(of: next).rawValue
        guard !overflow, nextStart != .max else { throw fail(.noSuchSegment, at: segmentStart) }
        if self.timeline == nil {
            try beginFirstSegment(at: segmentStart)
        } else {
            guard segmentStart == segmentEnd else { throw fail(.segmentOutOfOrder, at: segmentStart) }
            guard status == .wantsSegment || status == .restIsUnused else {
                conclude(.segmentTooShort, at: position)
                return
            }
            if phase == .unused { phase = .records }
        }
        self.timeline = timeline
        position = segmentStart
        pageEnd = segmentStart
        segmentEnd = nextStart
    }

    /// Reads the next bytes of the segment, and shows every record that they complete to `body`.
    ///
    /// Once the WAL has ended, or `body` has asked to stop, further bytes are passed over. After an error every
    /// further call throws the same one.
    ///
    /// - Returns: What the reader can use next.
    @discardableResult
    public mutating func feed(_ bytes: Span<UInt8>, _ body: (WALRecord) -> Step) throws(WALError) -> Status {
        try feed(bytes, showing: .all, body)
    }

    /// Reads the next bytes of the segment, and shows only those records to `body` that carry an event.
    ///
    /// Everything else is as in ``feed(_:_:)``: the other records are read, checked and counted (``recordCount``,
    /// ``lastRecord``) but not shown, which saves about a tenth of the time where they are short.
    ///
    /// - Returns: What the reader can use next.
    @discardableResult
    public mutating func feedForEvents(
        _ bytes: Span<UInt8>,
        _ body: (WALRecord) -> Step
    ) throws(WALError) -> Status {
        try feed(bytes, showing: .events, body)
    }

    private mutating func feed(
        _ bytes: Span<UInt8>,
        showing shown: Shown,
        _ body: (WALRecord) -> Step
    ) throws(WALError) -> Status {
        if let failure { throw failure }
        guard end == nil, !isStopped else { return status }
        guard timeline != nil else { throw fail(.noSegment, at: position) }
        guard UInt64(bytes.count + headerBytes.count) <= segmentEnd - position else {
            throw fail(.segmentTooLong, at: segmentEnd - UInt64(segmentSize.bytes))
        }
        try read(unsafe bytes.bytes, showing: shown, body)
        return status
    }

    /// Where the WAL ends that was fed, if there is no more of it.
    ///
    /// A reader that was stopped answers as if the bytes had ended behind the last record.
    public func finish() -> WALEnd {
        if let end { return end }
        if phase == .partialRecord, !isStopped {
            let reason = WALEnd.Reason.inputEndsInsideRecord(received: UInt32(partial.received))
            return WALEnd(reason: reason, position: partial.start, faultPosition: LSN(rawValue: position))
        }
        let position = LSN(rawValue: phase == .unused ? segmentEnd : position)
        return WALEnd(reason: .inputEnds, position: position, faultPosition: position)
    }

    /// Takes note that the WAL ends here.
    mutating func conclude(_ reason: WALEnd.Reason, at fault: UInt64) {
        let position = phase == .partialRecord ? partial.start : LSN(rawValue: position)
        end = WALEnd(reason: reason, position: position, faultPosition: LSN(rawValue: fault))
    }

    /// Takes note that there is no reading on.
    mutating func fail(_ kind: WALError.Kind, at position: UInt64) -> WALError {
        let error = WALError(kind: kind, lsn: LSN(rawValue: position))
        failure = error
        return error
    }
}
