/// Makes the event of a record out of its bytes, however they arrive.
///
/// Only records that can carry an event get one: of all others nothing but the checksum is looked at.
struct EventDecoder {
    /// How many bytes of a record ``begin(_:)`` wants: more than header and main data of every record of these
    /// kinds take, except those of transactions with many parts, which are scanned as they arrive.
    static let prefixSize = 256

    private enum Kind {
        case transaction(isCommit: Bool, isPrepared: Bool)
        case checkpoint(isShutdown: Bool)
        case backupEnd, restorePoint, endOfRecovery, segmentSwitch, parameterChange
    }

    private let kind: Kind
    private let xid: TransactionID
    private let length: Int
    private let format: WALFormat
    private var scan: TransactionScan?
    private var event: WALEvent?

    /// A decoder for the record of this header, nil if it is none that can carry an event.
    @inline(__always)
    init?(_ header: RecordHeader, format: WALFormat) {
        guard header.mayCarryEvent, let kind = Self.kind(of: header) else { return nil }
        self.init(header, kind, format)
    }

    /// The event of a transaction's end of which nothing but the time is told, nil of any other record.
    ///
    /// Nearly all events of a busy server are such ones, and a decoder is large.
    @inline(__always)
    static func plainEnd(_ header: RecordHeader, in bytes: RawSpan, at offset: Int) -> WALEvent? {
        // Main data of eight bytes and no block; 0x00 is a commit, 0x20 an abort, and flags would set 0x80.
        guard header.length == 34, header.resourceManager == .transaction, header.info & 0xD0 == 0,
            bytes.uint16(at: offset + RecordHeader.size) == 0x08FF
        else { return nil }
        let time = TimestampTZ(rawValue: Int64(bitPattern: bytes.uint64(at: offset + RecordHeader.size + 2)))
        let end = TransactionEnd(xid: header.xid, time: time)
        return header.info & 0x20 == 0 ? .commit(end) : .abort(end)
    }

    private init(_ header: RecordHeader, _ kind: Kind, _ format: WALFormat) {
        self.kind = kind
        self.xid = header.xid
        self.length = Int(header.length)
        self.format = format
        if case .transaction(let isCommit, _) = kind {
            scan = TransactionScan(isCommit: isCommit, info: header.info, format: format)
        }
    }

    private static func kind(of header: RecordHeader) -> Kind? {
        switch (header.resourceManager, header.info & 0xF0) {
        case (.xlog, 0x00): .checkpoint(isShutdown: true)
        case (.xlog, 0x10): .checkpoint(isShutdown: false)
        case (.xlog, 0x40): .segmentSwitch
        case (.xlog, 0x50): .backupEnd
        case (.xlog, 0x60): .parameterChange
        case (.xlog, 0x70): .restorePoint
        case (.xlog, 0x90): .endOfRecovery
        // 0x80 only says that flags follow the time.
        case (.transaction, 0x00), (.transaction, 0x80): .transaction(isCommit: true, isPrepared: false)
        case (.transaction, 0x20), (.transaction, 0xA0): .transaction(isCommit: false, isPrepared: false)
        case (.transaction, 0x30), (.transaction, 0xB0): .transaction(isCommit: true, isPrepared: true)
        case (.transaction, 0x40), (.transaction, 0xC0): .transaction(isCommit: false, isPrepared: true)
        default: nil
        }
    }

    /// Takes the first bytes of the record, header included: all of it, or at least ``prefixSize``.
    mutating func begin(_ bytes: RawSpan) {
        guard let start = mainDataOffset(in: bytes, length: length, format: format), start <= bytes.byteCount
        else {
            scan = nil
            return
        }
        let data = bytes.extracting(start...)
        switch kind {
        case .transaction: scan?.take(data)
        case .checkpoint(let isShutdown): event = Self.checkpoint(data, isShutdown: isShutdown)
        case .backupEnd: event = Self.backupEnd(data)
        case .restorePoint: event = RestorePoint(data).map { .restorePoint($0) }
        case .endOfRecovery: event = Self.endOfRecovery(data)
        case .segmentSwitch: event = .segmentSwitch
        case .parameterChange: event = ParameterChange(data).map { .parameterChange($0) }
        }
    }

    /// Takes the bytes that follow those before.
    mutating func take(_ bytes: RawSpan) {
        scan?.take(bytes)
    }

    /// The event, nil where the record makes no sense.
    func finish() -> WALEvent? {
        guard case .transaction(let isCommit, let isPrepared) = kind else { return event }
        guard let scan, scan.isComplete, let xid = isPrepared ? scan.preparedXID : xid else { return nil }
        let end = TransactionEnd(
            xid: xid,
            time: scan.time,
            isPrepared: isPrepared,
            subtransactionCount: scan.subtransactionCount
        )
        return isCommit ? .commit(end) : .abort(end)
    }
}

extension EventDecoder {
    private static func checkpoint(_ data: RawSpan, isShutdown: Bool) -> WALEvent? {
        guard data.byteCount >= 84 else { return nil }
        // Seconds since 1970, in 64 bits that need not be a time at all.
        let (time, overflow) = Int64(bitPattern: data.uint64(at: 64)).multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return nil }
        return .checkpoint(
            Checkpoint(
                redo: LSN(rawValue: data.uint64(at: 0)),
                timeline: TimelineID(rawValue: data.uint32(at: 8)),
                previousTimeline: TimelineID(rawValue: data.uint32(at: 12)),
                isShutdown: isShutdown,
                nextFullTransactionID: data.uint64(at: 24),
                oldestActiveXID: TransactionID(rawValue: data.uint32(at: 80)),
                time: TimestampTZ(unixMicroseconds: time)
            )
        )
    }

    private static func backupEnd(_ data: RawSpan) -> WALEvent? {
        guard data.byteCount >= 8 else { return nil }
        return .backupEnd(start: LSN(rawValue: data.uint64(at: 0)))
    }

    private static func endOfRecovery(_ data: RawSpan) -> WALEvent? {
        guard data.byteCount >= 16 else { return nil }
        return .endOfRecovery(
            EndOfRecovery(
                time: time(data),
                timeline: TimelineID(rawValue: data.uint32(at: 8)),
                previousTimeline: TimelineID(rawValue: data.uint32(at: 12))
            )
        )
    }

    private static func time(_ data: RawSpan) -> TimestampTZ {
        TimestampTZ(rawValue: Int64(bitPattern: data.uint64(at: 0)))
    }
}
