public import PostgresWAL

/// WAL segments of one timeline whose numbers follow each other without a hole.
public struct WALRun: Hashable, Sendable {
    /// The timeline.
    public var timeline: TimelineID

    /// The numbers of the segments, first to last.
    public var segments: ClosedRange<UInt64>

    /// The sum of the sizes of the stored objects, in bytes.
    public var bytes: Int64

    /// When the object of the first segment was written.
    public var firstModified: TimestampTZ

    /// When the object of the last segment was written.
    public var lastModified: TimestampTZ

    /// A run of these parts.
    public init(
        timeline: TimelineID,
        segments: ClosedRange<UInt64>,
        bytes: Int64 = 0,
        firstModified: TimestampTZ = TimestampTZ(rawValue: 0),
        lastModified: TimestampTZ = TimestampTZ(rawValue: 0)
    ) {
        self.timeline = timeline
        self.segments = segments
        self.bytes = bytes
        self.firstModified = firstModified
        self.lastModified = lastModified
    }

    /// How many segments the run has.
    public var count: Int { Int(clamping: segments.upperBound - segments.lowerBound + 1) }

    /// The name of the first segment.
    public func firstName(size: WALSegmentSize) -> WALSegmentName {
        WALSegmentName(timeline: timeline, number: segments.lowerBound, size: size)
    }

    /// The name of the last segment.
    public func lastName(size: WALSegmentSize) -> WALSegmentName {
        WALSegmentName(timeline: timeline, number: segments.upperBound, size: size)
    }
}
