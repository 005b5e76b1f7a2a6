/// The header of a WAL page (`XLogPageHeaderData`), of 24 bytes, or of 40 on the first page of a segment.
public struct WALPageHeader: Hashable, Sendable {
    /// The size of a page, in bytes: what PostgreSQL is built with unless told otherwise.
    public static let pageSize = 8192

    /// The number that tells the release.
    public var magic: UInt16

    /// What else there is to say about the page (`XLP_*`).
    public var flags: UInt16

    /// The timeline that the page was written on: of the parent for the pages that a new timeline took over.
    public var timeline: TimelineID

    /// Where the page lies in the stream.
    public var address: LSN

    /// How much of a record from the page before is still to come, in bytes.
    public var remainingLength: UInt32

    /// What only the first page of a segment says.
    public var segment: Segment?

    /// What only the first page of a segment says.
    public struct Segment: Hashable, Sendable {
        /// The number that `initdb` gave the cluster.
        public var systemIdentifier: UInt64
        /// The cluster's segment size, in bytes.
        public var segmentSize: UInt32
        /// The server's page size, in bytes.
        public var pageSize: UInt32
    }

    /// The size of a header without ``segment``, in bytes.
    static let shortSize = 24
    /// The size of a header with ``segment``, in bytes.
    static let longSize = 40

    /// The header that a page begins with, nil where there are too few bytes for it.
    ///
    /// Nothing is checked: the bytes may be anything.
    public init?(_ page: Span<UInt8>) {
        let bytes = unsafe page.bytes
        guard bytes.byteCount >= Self.shortSize,
            bytes.byteCount >= Self.longSize || !Self.isLong(bytes, at: 0)
        else { return nil }
        self.init(bytes, at: 0)
    }

    /// Reads a header that lies wholly in the bytes.
    init(_ bytes: RawSpan, at offset: Int) {
        magic = bytes.uint16(at: offset)
        flags = bytes.uint16(at: offset + 2)
        timeline = TimelineID(rawValue: bytes.uint32(at: offset + 4))
        address = LSN(rawValue: bytes.uint64(at: offset + 8))
        remainingLength = bytes.uint32(at: offset + 16)
        if Self.isLong(bytes, at: offset) {
            segment = Segment(
                systemIdentifier: bytes.uint64(at: offset + 24),
                segmentSize: bytes.uint32(at: offset + 32),
                pageSize: bytes.uint32(at: offset + 36)
            )
        }
    }

    /// Whether the header of which at least four bytes lie there is one of 40 bytes.
    static func isLong(_ bytes: RawSpan, at offset: Int) -> Bool {
        bytes.uint16(at: offset + 2) & longHeaderFlag != 0
    }

    private static let continuationFlag: UInt16 = 0x0001
    private static let longHeaderFlag: UInt16 = 0x0002
    private static let overwriteFlag: UInt16 = 0x0008
    private static let knownFlags: UInt16 = 0x000F

    /// The size of the header, in bytes.
    var size: Int { segment == nil ? Self.shortSize : Self.longSize }

    /// Whether the page begins with the rest of a record.
    var beginsWithContinuation: Bool { flags & Self.continuationFlag != 0 }

    /// Whether the page begins with a new record instead of the rest of one that a crash left unfinished.
    var overwritesContinuation: Bool { flags & Self.overwriteFlag != 0 }

    /// Whether there are no flags but those that some version has.
    var hasKnownFlags: Bool { flags & ~Self.knownFlags == 0 }

    /// Whether it looks like what is read from a page that was never written.
    var isEmpty: Bool { magic == 0 && flags == 0 && timeline.rawValue == 0 && address.rawValue == 0 }
}
