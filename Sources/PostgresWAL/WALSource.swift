/// Where a search reads WAL: what a restore command would deliver for a segment.
public protocol WALSource: Sendable {
    /// What a restore would get for a segment, whole in memory.
    ///
    /// - Throws: where it could not be looked at. A damaged segment is a result.
    func contents(of segment: WALSegmentName) async throws -> WALSegmentContents
}

/// What a restore would get for a segment.
public enum WALSegmentContents: Hashable, Sendable {
    /// As many bytes as a segment has.
    case bytes([UInt8])
    /// Nothing: no such object, or one that does not decompress; why, if it is there.
    case notFound(damage: String?)
    /// Another number of bytes than a segment has, at which PostgreSQL stops with a fatal error.
    case wrongSize(Int)
}
