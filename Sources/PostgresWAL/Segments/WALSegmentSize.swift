/// The size of a WAL segment file, fixed by `initdb --wal-segsize`.
///
/// A power of two from 1 MiB to 1 GiB (PostgreSQL's `IsValidWalSegSize`).
public struct WALSegmentSize: Hashable, Sendable {
    /// The size, in bytes.
    public let bytes: Int

    /// The size of so many bytes, nil where PostgreSQL knows no such size.
    public init?(bytes: Int) {
        guard (Self.smallest...Self.largest).contains(bytes), bytes.nonzeroBitCount == 1 else { return nil }
        self.bytes = bytes
    }

    private init(valid bytes: Int) {
        self.bytes = bytes
    }

    /// 16 MiB, what `initdb` takes unless told otherwise.
    public static let standard = WALSegmentSize(valid: 16 << 20)

    /// Every size that PostgreSQL knows, smallest first.
    public static let allSizes = (20...30).map { WALSegmentSize(valid: 1 << $0) }

    private static let smallest = 1 << 20
    private static let largest = 1 << 30

    /// How many segments share the first 16 digits of their names: 4 GiB of WAL.
    public var segmentsPerLog: UInt32 {
        UInt32((1 << 32) / bytes)
    }

    /// The segment that holds the byte at `position`.
    public func segmentNumber(of position: LSN) -> UInt64 {
        position.rawValue / UInt64(bytes)
    }

    /// The position of a segment's first byte, clamped to the end of the stream.
    public func start(of segmentNumber: UInt64) -> LSN {
        let (position, overflow) = segmentNumber.multipliedReportingOverflow(by: UInt64(bytes))
        return LSN(rawValue: overflow ? .max : position)
    }
}
