public import BarmanCatalog
public import PostgresWAL

/// What the archive has of the WAL that a recovery along a path needs, from a segment on.
public struct RecoveryPath: Hashable, Sendable {
    /// The last thing that a recovery can replay without a hole.
    public struct End: Hashable, Sendable {
        /// The timeline of the last segment.
        public var timeline: TimelineID
        /// The number of the last segment.
        public var segment: UInt64
        /// When its object was written.
        public var lastModified: TimestampTZ
    }

    /// The path through the timelines.
    public let path: TimelinePath

    /// The first segment that is needed.
    public let start: UInt64

    /// The holes: what is missing between `start` and the last segment that the path has at all.
    public let gaps: [WALGap]

    /// The last segment before the first hole, nil where not even the first one is there.
    public let end: End?

    /// The number of the last segment that the path has at all, holes or not, nil where it has none.
    public let last: UInt64?

    /// Follows `path` through the archive from the segment `start` on.
    public init(along path: TimelinePath, from start: UInt64, in wal: WALInventory) {
        var walk = Walk(wal: wal)
        for (index, leg) in path.legs.enumerated() {
            let wanted = max(leg.segments.lowerBound, start)..<max(leg.segments.upperBound, start)
            guard !wanted.isEmpty else { continue }
            // The parent's copy of a switch segment is no substitute, but PostgreSQL takes it for one.
            let switchSegment = index > 0 && start <= leg.segments.lowerBound ? leg.segments.lowerBound : nil
            walk.follow(
                leg.timeline,
                wanted,
                switchSegment: switchSegment,
                parents: path.legs[..<index]
            )
        }
        self.path = path
        self.start = start
        self.gaps = walk.gaps
        self.end = walk.end
        self.last = walk.last
    }

    /// What is missing of the segments up to and including `segment`, which may lie behind the last one there.
    public func missing(through segment: UInt64) -> [MissingSegments] {
        guard segment >= start else { return [] }
        var missing = gaps.filter { $0.segments.lowerBound <= segment }
            .map { gap in
                MissingSegments(
                    timeline: gap.timeline,
                    segments: gap.segments.lowerBound...min(gap.segments.upperBound, segment),
                    isBehindHead: false
                )
            }
        let firstUnwritten = last.map { $0 + 1 } ?? start
        for leg in path.legs where firstUnwritten <= segment {
            let lower = max(leg.segments.lowerBound, firstUnwritten)
            guard lower < leg.segments.upperBound, lower <= segment else { continue }
            let upper = min(leg.segments.upperBound - 1, segment)
            missing.append(MissingSegments(timeline: leg.timeline, segments: lower...upper, isBehindHead: true))
        }
        return missing
    }
}

/// Segments that a backup needs and the archive does not have.
public struct MissingSegments: Hashable, Sendable {
    /// The timeline that they belong to.
    public var timeline: TimelineID

    /// Their numbers.
    public var segments: ClosedRange<UInt64>

    /// Whether nothing behind them is there either, so that they may still be on their way.
    public var isBehindHead: Bool
}

/// Collects holes along a path.
private struct Walk {
    let wal: WALInventory
    var gaps: [WALGap] = []
    var end: RecoveryPath.End?
    var last: UInt64?

    // PostgreSQL never goes back to a timeline older than the one of the last segment it read.
    private var current: TimelineID?
    // Holes since the last segment that is there: gaps only if another one follows.
    private var open: [(timeline: TimelineID, segments: ClosedRange<UInt64>, parentStandsIn: Bool)] = []
    private var isUnbroken = true

    init(wal: WALInventory) {
        self.wal = wal
    }

    mutating func follow(
        _ timeline: TimelineID,
        _ wanted: Range<UInt64>,
        switchSegment: UInt64?,
        parents: ArraySlice<TimelinePath.Leg>
    ) {
        var next = wanted.lowerBound
        for run in wal.runs(of: timeline) where run.segments.upperBound >= next {
            guard run.segments.lowerBound < wanted.upperBound else { break }
            let first = max(run.segments.lowerBound, next)
            if first > next {
                miss(timeline, next...first - 1, switchSegment: switchSegment, parents: parents)
            }
            let final = min(run.segments.upperBound, wanted.upperBound - 1)
            meet(timeline, final, of: run)
            next = final + 1
            guard next < wanted.upperBound else { return }
        }
        // Behind the open end of the last leg nothing is missing: it was not written yet.
        guard wanted.upperBound != .max else { return }
        miss(timeline, next...wanted.upperBound - 1, switchSegment: switchSegment, parents: parents)
    }

    private mutating func miss(
        _ timeline: TimelineID,
        _ segments: ClosedRange<UInt64>,
        switchSegment: UInt64?,
        parents: ArraySlice<TimelinePath.Leg>
    ) {
        let standsIn =
            segments.lowerBound == switchSegment
            && parents.contains { parent in
                current.map { parent.timeline >= $0 } ?? true
                    && wal.run(of: parent.timeline, containing: segments.lowerBound) != nil
            }
        open.append((timeline, segments, standsIn))
        isUnbroken = false
    }

    private mutating func meet(_ timeline: TimelineID, _ final: UInt64, of run: WALRun) {
        gaps += open.map { hole in
            WALGap(
                timeline: hole.timeline,
                segments: hole.segments,
                followedAt: run.firstModified,
                parentStandsIn: hole.parentStandsIn
            )
        }
        open = []
        if isUnbroken {
            end = RecoveryPath.End(timeline: timeline, segment: final, lastModified: run.lastModified)
        }
        self.last = final
        current = timeline
    }
}
