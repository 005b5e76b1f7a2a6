internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Draws the timelines of a server over one axis of segments: runs, gaps, forks, and where backups begin.
///
/// `━` is WAL that is there, `╳` WAL that a recovery would miss, `└` a fork, `▶` the head of the archive.
struct TimelineDrawing {
    private let analysis: RecoveryAnalysis
    private let columns: Int
    private let lowest: UInt64
    private let perColumn: UInt64

    init?(_ analysis: RecoveryAnalysis, columns: Int) {
        let runs = analysis.catalog.wal.runs
        guard let lowest = runs.map(\.segments.lowerBound).min(), let highest = runs.map(\.segments.upperBound).max()
        else { return nil }
        self.analysis = analysis
        self.lowest = lowest
        let count = highest - lowest + 1
        perColumn = max(1, (count + UInt64(columns) - 1) / UInt64(columns))
        self.columns = Int((count + perColumn - 1) / perColumn)
    }

    /// What one column stands for.
    var scale: String { perColumn == 1 ? "1 column = 1 segment" : "1 column = \(grouped(Int(perColumn))) segments" }

    /// The row of one timeline, nil where it has neither WAL nor a fork within the axis.
    func row(of node: TimelineTree.Node) -> String? {
        var cells = [Character](repeating: " ", count: columns + 1)
        for run in analysis.catalog.wal.runs(of: node.timeline) {
            for column in column(of: run.segments.lowerBound)...column(of: run.segments.upperBound) {
                cells[column] = "━"
            }
        }
        for gap in analysis.gaps where gap.timeline == node.timeline {
            // A gap is always seen, however small it is beside the WAL around it.
            for column in column(of: gap.segments.lowerBound)...column(of: gap.segments.upperBound) {
                cells[column] = "╳"
            }
        }
        if let fork = node.origin?.switchPoint {
            let column = column(of: analysis.catalog.wal.segmentSize.segmentNumber(of: fork))
            if cells[column] != "╳" { cells[column] = "└" }
        }
        if let head = analysis.catalog.wal.head, head.timeline == node.timeline {
            // Never over a gap: the head lies before one where WAL was archived late or anew.
            let column = column(of: head.segments.upperBound) + 1
            if cells[column] == " " { cells[column] = "▶" }
        }
        let text = String(cells)
        return text.allSatisfy { $0 == " " } ? nil : text
    }

    /// The row with a mark under the first segment of each backup of a timeline, nil where there is none.
    func marks(on timeline: TimelineID, _ letters: [BackupID: Character]) -> String? {
        var cells = [Character](repeating: " ", count: columns + 1)
        for assessment in analysis.assessments {
            guard let first = assessment.backup.details?.beginWAL, first.timeline == timeline,
                let number = first.number(size: analysis.catalog.wal.segmentSize)
            else { continue }
            let column = column(of: number)
            let isTaken = cells[column] != " "
            cells[column] = isTaken ? "*" : letters[assessment.backup.id] ?? "▲"
        }
        let text = String(cells)
        return text.allSatisfy { $0 == " " } ? nil : text
    }

    private func column(of segment: UInt64) -> Int {
        guard segment > lowest else { return 0 }
        return min(columns - 1, Int(clamping: (segment - lowest) / perColumn))
    }
}
