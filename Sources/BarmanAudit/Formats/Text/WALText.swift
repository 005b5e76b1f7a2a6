internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// The drawing of a server's timelines, and the list of its runs and gaps.
struct WALText {
    private let analysis: RecoveryAnalysis
    private let style: TextStyle

    init(_ analysis: RecoveryAnalysis, style: TextStyle) {
        self.analysis = analysis
        self.style = style
    }

    func lines(detailed: Bool) -> [String] {
        guard !analysis.tree.nodes.isEmpty else { return ["no WAL"] }
        return drawing + (detailed ? [""] + runs + gaps : [])
    }

    private var drawing: [String] {
        let labels = analysis.tree.nodes.map { "timeline \($0.timeline)" }
        let margin = (labels.map(\.count).max() ?? 0) + 2
        guard let drawing = TimelineDrawing(analysis, columns: style.width - margin - 1) else {
            return analysis.tree.nodes.map { "timeline \($0.timeline): no WAL\(origin(of: $0))" }
        }
        let letters = BackupLetters(analysis.assessments).letters
        var lines: [String] = []
        for (node, label) in zip(analysis.tree.nodes, labels) {
            lines += style.wrapped(label + origin(of: node) + extent(of: node), first: "", indent: 4)
            let indent = String(repeating: " ", count: 2)
            if let row = drawing.row(of: node) { lines.append(colored(indent + row)) }
            if let marks = drawing.marks(on: node.timeline, letters) {
                lines.append((indent + marks).withoutTrailingBlanks)
            }
        }
        return lines + [
            style.paint("  (\(drawing.scale); ╳ missing, └ fork, ▶ archive head, letters: backups)", .faint)
        ]
    }

    private func origin(of node: TimelineTree.Node) -> String {
        switch node.state {
        case .none: ""
        case .missing: ", history file missing"
        case .invalid: ", history file invalid"
        case .present:
            node.origin.map { origin in
                let reason = origin.reason.isEmpty ? "" : " (\(printable(String(origin.reason.prefix(80)))))"
                return " left timeline \(origin.timeline) at \(origin.switchPoint)\(reason)"
            } ?? ""
        }
    }

    private func extent(of node: TimelineTree.Node) -> String {
        let wal = analysis.catalog.wal
        let runs = wal.runs(of: node.timeline)
        guard let first = runs.first, let last = runs.last else { return ": no WAL" }
        let count = runs.reduce(0) { $0 + $1.count }
        let bytes = runs.reduce(0) { $0 &+ $1.bytes }
        return ": \(counted(count, "segment")), \(byteCount(bytes)), \(first.firstName(size: wal.segmentSize)) to "
            + "\(last.lastName(size: wal.segmentSize))"
    }

    private var runs: [String] {
        let size = analysis.catalog.wal.segmentSize
        var table = TextTable([
            .number("tl"), .text("first"), .text("last"), .number("segments"), .number("size", dispensable: 1),
            .text("last stored", dispensable: 2),
        ])
        for run in analysis.catalog.wal.runs {
            table.append([
                run.timeline.description, run.firstName(size: size).description, run.lastName(size: size).description,
                grouped(run.count), byteCount(run.bytes), run.lastModified.toSeconds,
            ])
        }
        return ["runs"] + table.lines(indent: 2, style: style)
    }

    private var gaps: [String] {
        let size = analysis.catalog.wal.segmentSize
        guard analysis.assessments.contains(where: { !$0.routes.isEmpty }) else {
            return ["", "no backup, so no recovery path that a gap could lie on"]
        }
        guard !analysis.gaps.isEmpty else { return ["", "no gap on any recovery path"] }
        return ["", "gaps"]
            + analysis.gaps.map { gap in
                style.paint(
                    "  timeline \(gap.timeline)  \(span(gap.timeline, gap.segments, size: size))  "
                        + counted(gap.count, "segment"),
                    .error
                )
            }
    }

    /// The row with its gaps in colour.
    private func colored(_ row: String) -> String {
        let text = row.withoutTrailingBlanks
        return style.hasColor
            ? text.split(separator: "╳", omittingEmptySubsequences: false)
                .joined(separator: style.paint("╳", .error)) : text
    }

}
