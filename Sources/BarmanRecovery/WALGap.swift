public import PostgresWAL

/// Segments that a recovery needs and the archive does not have.
public struct WALGap: Hashable, Sendable {
    /// The timeline that they belong to.
    public var timeline: TimelineID

    /// Their numbers.
    public var segments: ClosedRange<UInt64>

    /// When the first segment behind the hole was written: how long the hole can be told from the end of the WAL.
    public var followedAt: TimestampTZ

    /// Whether the first missing segment is the child's copy of a switch segment whose parent's copy is there.
    ///
    /// PostgreSQL then replays the parent's copy, past the fork, and ends with data that was abandoned.
    public var parentStandsIn: Bool

    /// A gap of these parts.
    public init(
        timeline: TimelineID,
        segments: ClosedRange<UInt64>,
        followedAt: TimestampTZ,
        parentStandsIn: Bool = false
    ) {
        self.timeline = timeline
        self.segments = segments
        self.followedAt = followedAt
        self.parentStandsIn = parentStandsIn
    }

    /// How many segments are missing.
    public var count: Int { Int(clamping: segments.upperBound - segments.lowerBound + 1) }

    /// Whether both are about some of the same segments.
    func overlaps(_ other: WALGap) -> Bool {
        timeline == other.timeline && segments.overlaps(other.segments)
    }

    /// Whether both are about some of the same segments.
    func overlaps(_ missing: MissingSegments) -> Bool {
        timeline == missing.timeline && segments.overlaps(missing.segments)
    }

    /// The hole of which both are parts.
    func joined(with other: WALGap) -> WALGap {
        WALGap(
            timeline: timeline,
            segments: min(
                segments.lowerBound,
                other.segments.lowerBound
            )...max(segments.upperBound, other.segments.upperBound),
            followedAt: min(followedAt, other.followedAt),
            parentStandsIn: parentStandsIn || other.parentStandsIn
        )
    }
}
