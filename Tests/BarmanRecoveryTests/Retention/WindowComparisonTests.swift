import BarmanCatalog
import PostgresWAL
import TestSupport
import Testing

@testable import BarmanRecovery

/// The proof is worth something only if it fails: here too much is taken away.
struct WindowComparisonTests {
    private func losses(
        _ sketch: String,
        removing gone: ClosedRange<UInt64>,
        standalone: Set<BackupID> = []
    ) throws -> [RetentionRefusal] {
        let catalog = try ArchiveSketch(sketch).catalog
        var segments = SegmentSet()
        segments.insert(1, gone)
        let before = RecoveryAnalysis(of: catalog).windows
        let after = RecoveryAnalysis(of: catalog.removing([], segments)).windows
        return WindowComparison(before: before, after: after).losses(standalone: standalone)
    }

    private static let one = "1: 01-20 / base A 1: 03-05"

    @Test(arguments: [3...3, 5...5, 6...6, 0x20...0x20] as [ClosedRange<UInt64>])
    func `finds every loss`(gone: ClosedRange<UInt64>) throws {
        #expect(try losses(Self.one, removing: gone).count == 1)
    }

    @Test
    func `what lies before the backup is none`() throws {
        #expect(try losses(Self.one, removing: 1...2).isEmpty)
    }

    @Test
    func `a standalone backup has to reach its own end`() throws {
        let alone: Set = [BackupID("A")]
        #expect(try losses(Self.one, removing: 6...9, standalone: alone).isEmpty)
        #expect(try losses(Self.one, removing: 5...9, standalone: alone).count == 1)
    }
}
