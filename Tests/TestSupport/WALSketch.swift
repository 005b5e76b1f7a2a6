public import PostgresWAL

/// Writes WAL as a server would: pages, records, what goes on on the next page, and checksums.
///
/// ```swift
/// var sketch = WALSketch(major: 17)
/// let lsn = sketch.commit(700, at: time)
/// sketch.switchSegment()
/// sketch.segments        // names and bytes, ready to be fed or stored
/// ```
public struct WALSketch: Sendable {
    /// A segment with its name.
    public struct Segment: Sendable {
        /// Its name, on the timeline that its last page is of.
        public var name: WALSegmentName
        /// Its bytes, as many as the segment size.
        public var bytes: [UInt8]

        /// The first bytes of the segment, for tests that need no more.
        public func prefix(_ count: Int) -> Segment {
            Segment(name: name, bytes: Array(bytes.prefix(count)))
        }
    }

    /// The segment size.
    public let size: WALSegmentSize

    /// The timeline of the pages that are begun from now on.
    public var timeline: TimelineID

    /// Where the next record would begin, but for a page's header.
    public var position: LSN { LSN(rawValue: origin + UInt64(bytes.count)) }

    private let pageMagic: UInt16
    private let systemIdentifier: UInt64
    private let origin: UInt64
    /// Where the last record begins: what the next one names as the one before it.
    public private(set) var previous: LSN
    private var bytes: [UInt8] = []
    private var timelines: [TimelineID] = []

    /// WAL of PostgreSQL `major` that begins with this segment.
    public init(
        major: Int = 18,
        size: WALSegmentSize = WALSegmentSize.allSizes[0],
        timeline: TimelineID = 1,
        segment: UInt64 = 1,
        previous: LSN = LSN(rawValue: 0),
        systemIdentifier: UInt64 = 7_000_000_000_000_000_000
    ) {
        self.pageMagic = WALFormat.supported.first { $0.major == major }?.pageMagic ?? 0
        self.size = size
        self.timeline = timeline
        self.previous = previous
        self.systemIdentifier = systemIdentifier
        self.origin = size.start(of: segment).rawValue
    }

    /// The segments so far, the last one with zeros behind what was written.
    public var segments: [Segment] {
        stride(from: 0, to: bytes.count, by: size.bytes).enumerated().map { index, start in
            var part = Array(bytes[start..<min(start + size.bytes, bytes.count)])
            part += [UInt8](repeating: 0, count: size.bytes - part.count)
            let number = origin / UInt64(size.bytes) + UInt64(index)
            return Segment(name: WALSegmentName(timeline: timelines[index], number: number, size: size), bytes: part)
        }
    }

    /// Writes a record, and tells where it begins.
    @discardableResult
    public mutating func record(
        _ resourceManager: ResourceManager,
        info: UInt8,
        xid: TransactionID = .invalid,
        parts: [UInt8] = [],
        main: [UInt8] = []
    ) -> LSN {
        var body = parts
        if main.count > 255 {
            body += [254] + littleEndian(UInt32(main.count)) + main
        } else if !main.isEmpty {
            body += [255, UInt8(main.count)] + main
        }
        bytes += [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
        if bytes.count % WALPageHeader.pageSize == 0 { beginPage(rest: 0) }
        let start = position
        var header =
            littleEndian(UInt32(24 + body.count)) + littleEndian(xid.rawValue) + littleEndian(previous.rawValue)
        header += [info, resourceManager.rawValue, 0, 0]
        header += littleEndian(crc32c(of: body + header))
        previous = start
        write(header + body)
        return start
    }

    /// Ends the segment.
    @discardableResult
    public mutating func switchSegment() -> LSN {
        let start = record(.xlog, info: 0x40)
        bytes += [UInt8](repeating: 0, count: (size.bytes - bytes.count % size.bytes) % size.bytes)
        return start
    }

    private mutating func write(_ record: [UInt8]) {
        var rest = record[...]
        while !rest.isEmpty {
            if bytes.count % WALPageHeader.pageSize == 0 { beginPage(rest: UInt32(rest.count)) }
            let piece = rest.prefix(WALPageHeader.pageSize - bytes.count % WALPageHeader.pageSize)
            bytes += piece
            rest = rest.dropFirst(piece.count)
        }
    }

    private mutating func beginPage(rest: UInt32) {
        let isFirst = bytes.count % size.bytes == 0
        if isFirst { timelines.append(timeline) } else { timelines[timelines.count - 1] = timeline }
        let flags: UInt16 = (rest > 0 ? 0x0001 : 0) | (isFirst ? 0x0002 : 0)
        let address = position.rawValue
        bytes += littleEndian(pageMagic) + littleEndian(flags) + littleEndian(timeline.rawValue)
        bytes += littleEndian(address) + littleEndian(rest) + [0, 0, 0, 0]
        if isFirst {
            bytes += littleEndian(systemIdentifier) + littleEndian(UInt32(size.bytes))
            bytes += littleEndian(UInt32(WALPageHeader.pageSize))
        }
    }
}

extension WALSketch {
    /// Writes a commit, of a prepared transaction if there is one.
    @discardableResult
    public mutating func commit(
        _ xid: TransactionID,
        at time: TimestampTZ,
        prepared: TransactionID? = nil,
        subtransactions: Int = 0
    ) -> LSN {
        transactionEnd(info: prepared == nil ? 0x00 : 0x30, xid, time, prepared, subtransactions)
    }

    /// Writes an abort, of a prepared transaction if there is one.
    @discardableResult
    public mutating func abort(
        _ xid: TransactionID,
        at time: TimestampTZ,
        prepared: TransactionID? = nil,
        subtransactions: Int = 0
    ) -> LSN {
        transactionEnd(info: prepared == nil ? 0x20 : 0x40, xid, time, prepared, subtransactions)
    }

    /// Writes a restore point; of its name no more than 63 bytes.
    @discardableResult
    public mutating func restorePoint(_ name: String, at time: TimestampTZ) -> LSN {
        let name = Array(name.utf8.prefix(63))
        let padding = [UInt8](repeating: 0, count: 64 - name.count)
        return record(.xlog, info: 0x70, main: littleEndian(time.rawValue) + name + padding)
    }

    /// Writes the end of a backup that began there.
    @discardableResult
    public mutating func backupEnd(start: LSN) -> LSN {
        record(.xlog, info: 0x50, main: littleEndian(start.rawValue))
    }

    /// Writes an online checkpoint.
    @discardableResult
    public mutating func checkpoint(redo: LSN, next: UInt64, oldestActive: TransactionID, at time: TimestampTZ) -> LSN {
        var main = littleEndian(redo.rawValue) + littleEndian(timeline.rawValue) + littleEndian(timeline.rawValue)
        main += [UInt8](repeating: 0, count: 8) + littleEndian(next) + [UInt8](repeating: 0, count: 32)
        main += littleEndian(time.unixMicroseconds / 1_000_000) + [UInt8](repeating: 0, count: 8)
        return record(.xlog, info: 0x10, main: main + littleEndian(oldestActive.rawValue) + [0, 0, 0, 0])
    }

    /// Writes that settings have changed, with this `wal_level`: 0 for `minimal`, 1 for `replica`.
    @discardableResult
    public mutating func parameterChange(walLevel: Int32) -> LSN {
        let settings = [100, 8, 10, 0, 64, walLevel] as [Int32]
        return record(.xlog, info: 0x60, main: settings.flatMap { littleEndian($0) } + [0, 0])
    }

    /// Writes a record that decides nothing, with so many bytes of data.
    @discardableResult
    public mutating func filler(_ count: Int) -> LSN {
        // A logical message.
        record(ResourceManager(rawValue: 21), info: 0x00, main: [UInt8](repeating: 0x78, count: count))
    }

    private mutating func transactionEnd(
        info: UInt8,
        _ xid: TransactionID,
        _ time: TimestampTZ,
        _ prepared: TransactionID?,
        _ subtransactions: Int
    ) -> LSN {
        var main = littleEndian(time.rawValue)
        let flags: UInt32 = (subtransactions > 0 ? 1 << 1 : 0) | (prepared == nil ? 0 : 1 << 4)
        if flags != 0 { main += littleEndian(flags) }
        if subtransactions > 0 {
            main += littleEndian(UInt32(subtransactions))
            for number in 0..<UInt32(subtransactions) { main += littleEndian(xid.rawValue &+ 1 &+ number) }
        }
        if let prepared { main += littleEndian(prepared.rawValue) }
        return record(.transaction, info: info | (flags == 0 ? 0 : 0x80), xid: xid, main: main)
    }
}

/// The bytes of a number, lowest first.
public func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}

/// The Castagnoli checksum, by the definition.
public func crc32c(of bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in crc >> 8 ^ crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
}

private let crcTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
}
