public import PostgresWAL
internal import Synchronization

/// A source that asks another one for each segment only once.
///
/// For tests that ask hundreds of questions of one archive, whose time would otherwise go into expanding the same
/// segments again and again. All that was read stays in memory.
public final class RememberingWALSource<Base: WALSource>: WALSource {
    private let base: Base
    private let known = Mutex<[WALSegmentName: WALSegmentContents]>([:])

    /// A source that remembers what `base` has answered.
    public init(_ base: Base) {
        self.base = base
    }

    /// What the other source said of a segment when it was first asked.
    public func contents(of segment: WALSegmentName) async throws -> WALSegmentContents {
        if let contents = known.withLock({ $0[segment] }) { return contents }
        let contents = try await base.contents(of: segment)
        known.withLock { $0[segment] = contents }
        return contents
    }
}
