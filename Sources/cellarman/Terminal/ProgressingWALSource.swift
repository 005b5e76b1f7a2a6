import PostgresWAL
import Synchronization

/// Shows how many WAL segments were opened, and which one is.
final class ProgressingWALSource: WALSource {
    private let source: any WALSource
    private let progress: ProgressLine
    private let opened = Atomic<Int>(0)

    init(_ source: any WALSource, _ progress: ProgressLine) {
        self.source = source
        self.progress = progress
    }

    func contents(of segment: WALSegmentName) async throws -> WALSegmentContents {
        let count = opened.wrappingAdd(1, ordering: .relaxed).newValue
        progress.show("\(count) WAL segments opened, \(segment) now")
        return try await source.contents(of: segment)
    }
}
