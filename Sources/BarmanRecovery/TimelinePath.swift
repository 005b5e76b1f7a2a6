public import PostgresWAL

/// The way of a recovery through the timelines: from which one each segment has to come.
public struct TimelinePath: Hashable, Sendable {
    /// The part of a path on one timeline.
    public struct Leg: Hashable, Sendable {
        /// The timeline.
        public var timeline: TimelineID
        /// The positions that belong to it; the last leg has no end.
        public var positions: Range<LSN>
        /// The segments that have to be its own; empty where a younger leg begins in the same segment.
        public var segments: Range<UInt64>
    }

    /// The legs, oldest first.
    public let legs: [Leg]

    /// The path to a timeline without a known past: that timeline alone.
    public init(of timeline: TimelineID) {
        legs = [Leg(timeline: timeline, positions: Self.everything, segments: 0..<UInt64.max)]
    }

    /// The path to the timeline of a history file.
    ///
    /// A segment comes from the youngest timeline that begins at or before its end: the switch segment from the
    /// child, which begins with a copy of the parent's records (`XLogFileReadAnyTLI`).
    public init(to history: TimelineHistory, size: WALSegmentSize) {
        var starts: [(timeline: TimelineID, start: LSN)] = []
        var start = LSN(rawValue: 0)
        for entry in history.entries {
            starts.append((entry.timeline, start))
            start = max(start, entry.switchPoint)
        }
        starts.append((history.timeline, start))
        legs = starts.indices.map { index in
            let isLast = index == starts.count - 1
            let end = isLast ? LSN(rawValue: .max) : starts[index + 1].start
            let first = size.segmentNumber(of: starts[index].start)
            let behind = isLast ? UInt64.max : size.segmentNumber(of: end)
            return Leg(timeline: starts[index].timeline, positions: starts[index].start..<end, segments: first..<behind)
        }
    }

    /// The timeline that the path leads to.
    public var target: TimelineID { legs[legs.count - 1].timeline }

    /// The leg on a timeline, nil where the path does not use it.
    public func leg(on timeline: TimelineID) -> Leg? {
        legs.first { $0.timeline == timeline }
    }

    private static let everything = LSN(rawValue: 0)..<LSN(rawValue: .max)
}
