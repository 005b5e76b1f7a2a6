import PostgresWAL

/// Lays records into pages as a server does.
struct PageWriter {
    let segmentSize: Int
    let magic: UInt16
    let systemIdentifier: UInt64
    /// The first byte's position in the stream.
    let origin: UInt64
    var timeline: UInt32
    private(set) var stream: [UInt8] = []
    private var previous: UInt64 = 0

    init(segment: UInt64, segmentSize: Int, magic: UInt16, timeline: UInt32, systemIdentifier: UInt64) {
        self.segmentSize = segmentSize
        self.magic = magic
        self.timeline = timeline
        self.systemIdentifier = systemIdentifier
        self.origin = segment &* UInt64(segmentSize)
    }

    mutating func write(_ record: RawRecord) {
        stream += [UInt8](repeating: 0, count: (8 - stream.count % 8) % 8)
        if stream.count % WALPageHeader.pageSize == 0 { beginPage(rest: 0) }
        let start = origin &+ UInt64(stream.count)
        var rest = record.bytes(previous: previous)[...]
        previous = start
        while !rest.isEmpty {
            if stream.count % WALPageHeader.pageSize == 0 { beginPage(rest: UInt32(rest.count)) }
            let piece = rest.prefix(WALPageHeader.pageSize - stream.count % WALPageHeader.pageSize)
            stream += piece
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Fills the segment up, as behind a switch.
    mutating func endSegment() {
        stream += [UInt8](repeating: 0, count: (segmentSize - stream.count % segmentSize) % segmentSize)
    }

    private mutating func beginPage(rest: UInt32) {
        let isFirst = stream.count % segmentSize == 0
        let address = origin &+ UInt64(stream.count)
        let flags: UInt16 = (rest > 0 ? 1 : 0) | (isFirst ? 2 : 0)
        stream += littleEndian(magic) + littleEndian(flags) + littleEndian(timeline)
        stream += littleEndian(address) + littleEndian(rest) + [0, 0, 0, 0]
        if isFirst {
            stream += littleEndian(systemIdentifier) + littleEndian(UInt32(segmentSize))
            stream += littleEndian(UInt32(WALPageHeader.pageSize))
        }
    }
}
