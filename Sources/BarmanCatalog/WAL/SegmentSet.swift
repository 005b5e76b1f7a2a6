public import PostgresWAL

/// Segments by timeline and number, as ranges: what a plan names without naming each.
public struct SegmentSet: Hashable, Sendable {
    private var ranges: [TimelineID: [ClosedRange<UInt64>]] = [:]

    /// No segment.
    public init() {}

    /// The timelines that have a segment in the set, ascending.
    public var timelines: [TimelineID] { ranges.keys.sorted() }

    /// Whether there is no segment in the set.
    public var isEmpty: Bool { ranges.isEmpty }

    /// The segments of one timeline: ascending ranges that do not touch each other.
    public func ranges(of timeline: TimelineID) -> [ClosedRange<UInt64>] {
        ranges[timeline] ?? []
    }

    /// Whether a segment is in the set.
    public func contains(_ timeline: TimelineID, _ number: UInt64) -> Bool {
        guard let ranges = ranges[timeline] else { return false }
        let index = ranges.partitionPoint { $0.upperBound >= number }
        return index < ranges.endIndex && ranges[index].contains(number)
    }

    /// Adds segments, which may be in the set already.
    public mutating func insert(_ timeline: TimelineID, _ segments: ClosedRange<UInt64>) {
        let ranges = ranges(of: timeline)
        // All that overlap the new range, or end just before it, or begin just behind it.
        let before = segments.lowerBound == 0 ? 0 : segments.lowerBound - 1
        let behind = segments.upperBound == .max ? .max : segments.upperBound + 1
        let first = ranges.partitionPoint { $0.upperBound >= before }
        let end = ranges.partitionPoint { $0.lowerBound > behind }
        var joined = segments
        if first < end {
            let lower = min(joined.lowerBound, ranges[first].lowerBound)
            joined = lower...max(joined.upperBound, ranges[end - 1].upperBound)
        }
        self.ranges[timeline, default: []].replaceSubrange(first..<end, with: [joined])
    }

    /// The parts of `segments` that are not in the set.
    public func missing(from segments: ClosedRange<UInt64>, of timeline: TimelineID) -> [ClosedRange<UInt64>] {
        var missing: [ClosedRange<UInt64>] = []
        var next = segments.lowerBound
        let ranges = ranges(of: timeline)
        for range in ranges[ranges.partitionPoint(where: { $0.upperBound >= segments.lowerBound })...] {
            guard range.lowerBound <= segments.upperBound else { break }
            if next < range.lowerBound { missing.append(next...range.lowerBound - 1) }
            guard range.upperBound < segments.upperBound else { return missing }
            next = range.upperBound + 1
        }
        missing.append(next...segments.upperBound)
        return missing
    }

    /// The parts of `segments` that are in the set.
    public func common(with segments: ClosedRange<UInt64>, of timeline: TimelineID) -> [ClosedRange<UInt64>] {
        let ranges = ranges(of: timeline)
        return ranges[ranges.partitionPoint(where: { $0.upperBound >= segments.lowerBound })...]
            .prefix { $0.lowerBound <= segments.upperBound }
            .map { $0.clamped(to: segments) }
    }
}
