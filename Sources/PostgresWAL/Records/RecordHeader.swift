/// The header of a record (`XLogRecord`).
struct RecordHeader {
    /// Its size, in bytes.
    static let size = 24

    /// The bytes of it that the checksum covers, after all the others: those before the checksum itself.
    static let checkedSize = 20

    /// The longest record, in bytes.
    ///
    /// PostgreSQL assembles a record in one piece of memory, which cannot be larger (`MaxAllocSize`); from 16 on it
    /// writes none above 1,020 MiB. Nothing is allocated by this length here: it only tells sense from nonsense.
    static let largestLength: UInt32 = 0x3FFF_FFFF

    var length: UInt32
    var xid: TransactionID
    var previous: LSN
    var info: UInt8
    var resourceManager: ResourceManager
    var checksum: UInt32

    /// Whether the rest of the segment is unused.
    var isSegmentSwitch: Bool { resourceManager == .xlog && info & 0xF0 == 0x40 }

    /// Whether it is one of the few kinds that can carry an event, by the part of PostgreSQL that it belongs to.
    @inline(__always)
    var mayCarryEvent: Bool { resourceManager.rawValue <= ResourceManager.transaction.rawValue }

    /// Reads a header that lies wholly in the bytes.
    @inline(__always)
    init(_ bytes: RawSpan, at offset: Int) {
        // One look at the bounds for all of it: the optimizer sees that the loads below need none.
        let bytes = bytes.extracting(offset..<offset + Self.size)
        length = bytes.uint32(at: 0)
        xid = TransactionID(rawValue: bytes.uint32(at: 4))
        previous = LSN(rawValue: bytes.uint64(at: 8))
        info = bytes.uint8(at: 16)
        resourceManager = ResourceManager(rawValue: bytes.uint8(at: 17))
        checksum = bytes.uint32(at: 20)
    }

    /// Why a record cannot have this length, nil if it can.
    @inline(__always)
    static func fault(inLength length: UInt32) -> WALEnd.Reason? {
        if length >= UInt32(size) && length <= largestLength { return nil }
        return length == 0 ? .zeroLength : .wrongLength(length)
    }

    /// What is wrong with it, as far as PostgreSQL looks before it has the whole record.
    ///
    /// - Parameter previous: Where the record before begins, nil for the first one that is read.
    @inline(__always)
    func fault(at start: LSN, after previous: LSN?, format: WALFormat) -> WALEnd.Reason? {
        if let fault = Self.fault(inLength: length) { return fault }
        guard resourceManager.isValid(in: format) else { return .wrongResourceManager(resourceManager.rawValue) }
        let linksRight = if let previous { self.previous == previous } else { self.previous < start }
        return linksRight ? nil : .wrongPreviousRecord(self.previous)
    }
}
