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

    /// The length with the zeros up to where the next record may begin.
    ///
    /// They never reach beyond the page, but perhaps beyond the bytes that have arrived.
    @inline(__always)
    var paddedLength: Int { (Int(length) + 7) & ~7 }

    /// Whether the rest of the segment is unused.
    var isSegmentSwitch: Bool { resourceManager == .xlog && info & 0xF0 == 0x40 }

    /// Whether it is one of the few kinds that can carry an event, by the part of PostgreSQL that it belongs to.
    @inline(__always)
    var mayCarryEvent: Bool { resourceManager.rawValue <= ResourceManager.transaction.rawValue }

    /// Reads a header that lies wholly in the bytes.
    @inline(__always)
    init(_ bytes: RawSpan, at offset: Int) {
        // One look at the bounds for all of it, written so that it costs two comparisons.
        precondition(offset >= 0 && bytes.byteCount - offset >= Self.size, "no whole header of a record")
        // Safe: the header lies in the bytes, and every bit pattern is a number.
        let (first, second, third) = unsafe (
            UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)),
            UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 8, as: UInt64.self)),
            UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 16, as: UInt64.self))
        )
        length = UInt32(truncatingIfNeeded: first)
        xid = TransactionID(rawValue: UInt32(truncatingIfNeeded: first >> 32))
        previous = LSN(rawValue: second)
        info = UInt8(truncatingIfNeeded: third)
        resourceManager = ResourceManager(rawValue: UInt8(truncatingIfNeeded: third >> 8))
        checksum = UInt32(truncatingIfNeeded: third >> 32)
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
        Self.fault(inLength: length) ?? faultBesideLength(at: start, after: previous, format: format)
    }

    /// What else can be wrong with it.
    @inline(__always)
    func faultBesideLength(at start: LSN, after previous: LSN?, format: WALFormat) -> WALEnd.Reason? {
        guard resourceManager.isValid(in: format) else { return .wrongResourceManager(resourceManager.rawValue) }
        let linksRight = if let previous { self.previous == previous } else { self.previous < start }
        return linksRight ? nil : .wrongPreviousRecord(self.previous)
    }
}
