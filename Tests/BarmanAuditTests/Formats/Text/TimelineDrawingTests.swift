import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

@testable import BarmanAudit

struct TimelineDrawingTests {
    /// The row of timeline 1; the run that holds segment `head` was written last.
    private func row(_ sketch: String, head: UInt64) throws -> String? {
        let drawn = try ArchiveSketch(sketch)
        let runs = drawn.catalog.wal.runs.map { run in
            var run = run
            if run.segments.contains(head) { run.lastModified = ArchiveSketch.time(of: 0xFFFF) }
            return run
        }
        let catalog = BackupCatalog(
            name: "sketch",
            backups: drawn.catalog.backups,
            wal: WALInventory(runs: runs, segmentSize: drawn.size),
            histories: drawn.catalog.histories
        )
        let analysis = RecoveryAnalysis(of: catalog)
        let node = try #require(analysis.tree.nodes.first { $0.timeline == 1 })
        return TimelineDrawing(analysis, columns: 60)?.row(of: node)
    }

    @Test
    func `the head stands behind the last segment`() throws {
        #expect(try row("1: 02-05, 08-0A / base A 1: 02-03", head: 0xA) == "━━━━╳╳━━━▶")
    }

    @Test
    func `a head before a gap does not hide it`() throws {
        #expect(try row("1: 02-05, 08-0A / base A 1: 02-03", head: 5) == "━━━━╳╳━━━ ")
        #expect(try row("1: 02-05, 07-0A / base A 1: 02-03", head: 5) == "━━━━╳━━━━ ")
    }
}
