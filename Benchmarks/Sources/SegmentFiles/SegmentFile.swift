public import Decompression
public import PostgresWAL

/// One file of an archive: a segment, plain or compressed, as its name tells.
public struct SegmentFile: Sendable {
    /// Where it lies.
    public let path: String

    /// The segment that it holds.
    public let name: WALSegmentName

    /// How it is packed.
    public let format: CompressionFormat

    /// A file, nil where its name is not that of a segment.
    public init?(path: String) {
        let file = path.split(separator: "/").last ?? ""
        guard let name = WALSegmentName(file.prefix(24)) else { return nil }
        self.path = path
        self.name = name
        self.format = CompressionFormat(endOf: Array(file.utf8).span)
    }
}
