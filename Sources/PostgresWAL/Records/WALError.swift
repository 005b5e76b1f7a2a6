/// Why WAL cannot be read at all, as opposed to where it ends (``WALEnd``).
public struct WALError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// The page was written by a release of PostgreSQL that is not known here.
        case unsupportedRelease(pageMagic: UInt16)
        /// The page was written on a machine of the other byte order.
        case foreignByteOrder
        /// The server was built with another page size than 8 kB.
        case unsupportedPageSize(UInt32)
        /// There are more bytes than a segment has.
        case segmentTooLong
        /// The segment is not the one that comes next.
        case segmentOutOfOrder
        /// The stream has no segment of that number.
        case noSuchSegment
        /// The position to start from cannot be that of a record, or is not in the first segment.
        case startOutOfPlace
        /// No segment was begun.
        case noSegment
    }

    /// What is wrong.
    public var kind: Kind

    /// Where.
    public var lsn: LSN

    /// An error of these parts.
    public init(kind: Kind, lsn: LSN) {
        self.kind = kind
        self.lsn = lsn
    }
}

extension WALError: CustomStringConvertible {
    /// What is wrong, where, and what would be right.
    public var description: String {
        switch kind {
        case .unsupportedRelease(let magic):
            "\(WALFormat.unsupportedRelease(pageMagic: magic) ?? "unknown release") wrote the WAL at \(lsn) "
                + "(page magic 0x\(hexadecimal(magic))): expected PostgreSQL 13 to 18"
        case .foreignByteOrder: "big-endian WAL at \(lsn): expected little-endian"
        case .unsupportedPageSize(let bytes): "WAL pages of \(bytes) bytes at \(lsn): expected 8192"
        case .segmentTooLong: "WAL segment at \(lsn) has more bytes than the segment size"
        case .segmentOutOfOrder: "WAL segment at \(lsn) is not the one that comes next"
        case .noSuchSegment: "no WAL segment lies so far from the beginning"
        case .startOutOfPlace: "no record can begin at \(lsn) in the first WAL segment"
        case .noSegment: "bytes of WAL at \(lsn) without a segment"
        }
    }
}
