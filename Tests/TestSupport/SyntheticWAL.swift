public import PostgresWAL
import Synchronization

/// WAL of one timeline as long as you like: each segment is written when it is asked for, and then switched.
public final class SyntheticWAL: WALSource {
    /// Writes what a segment has, given its number.
    public typealias Writer = @Sendable (inout WALSketch, UInt64) -> Void

    private let size: WALSegmentSize
    private let segments: ClosedRange<UInt64>
    private let write: Writer
    private let damaged: Set<UInt64>
    private let asked = Mutex<[UInt64]>([])

    /// WAL of these segments, of which the damaged ones have one byte changed.
    public init(
        size: WALSegmentSize,
        _ segments: ClosedRange<UInt64>,
        damaged: Set<UInt64> = [],
        _ write: @escaping Writer
    ) {
        self.size = size
        self.segments = segments
        self.damaged = damaged
        self.write = write
    }

    /// The numbers of the segments that were asked for, in order.
    public var opened: [UInt64] { asked.withLock { $0 } }

    /// The segment as a sketch, the end of it not yet written.
    public func sketch(_ number: UInt64) -> WALSketch {
        var sketch = self.sketch(number, previous: previous(of: number))
        write(&sketch, number)
        return sketch
    }

    private func sketch(_ number: UInt64, previous: LSN) -> WALSketch {
        WALSketch(major: 15, size: size, segment: number, previous: previous)
    }

    /// The last record of the segment before.
    private func previous(of number: UInt64) -> LSN {
        guard number > segments.lowerBound else { return LSN(rawValue: 0) }
        var before = sketch(number - 1, previous: LSN(rawValue: 0))
        write(&before, number - 1)
        return before.switchSegment()
    }

    /// The segment, written anew each time.
    public func contents(of segment: WALSegmentName) async throws -> WALSegmentContents {
        guard segment.timeline == .first, let number = segment.number(size: size), segments.contains(number) else {
            return .notFound(damage: nil)
        }
        asked.withLock { $0.append(number) }
        var sketch = sketch(number)
        sketch.switchSegment()
        var bytes = sketch.segments[0].bytes
        if damaged.contains(number) { bytes[60] ^= 0xFF }
        return .bytes(bytes)
    }
}
