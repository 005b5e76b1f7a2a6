internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// The answer to a recovery target, for a person.
struct CheckText {
    private let report: CheckReport
    private let style: TextStyle

    init(_ report: CheckReport, style: TextStyle) {
        self.report = report
        self.style = style
    }

    var lines: [String] {
        let verdict = report.verdict
        let color: TextStyle.Color =
            switch verdict.answer {
            case .reachable: .good
            case .unreachable: .error
            case .undetermined: .warning
            }
        let word = verdict.answer.rawValue
        let code = verdict.answer == .reachable ? "" : " (\(verdict.code.rawValue))"
        let head = style.wrapped("\(word)\(code): \(verdict.reason)", first: "", indent: 2)
        var lines = [style.paint(word, color) + head[0].dropFirst(word.count)] + head.dropFirst()
        if let hint = verdict.hint {
            lines += style.wrapped(hint, first: "  → ").map { style.paint($0, .faint) }
        }
        lines += rows.flatMap { style.wrapped($0.1, first: "  \($0.0.padded(9))") }
        return lines
    }

    private var rows: [(String, String)] {
        let verdict = report.verdict
        var rows = [("target", target)]
        if let backup = verdict.backup {
            let path = verdict.path.map(\.description).joined(separator: "→")
            rows.append(("restore", "backup \(backup), picked by \(report.selection.name)"))
            if !path.isEmpty { rows.append(("timelines", path)) }
        }
        if let first = verdict.firstSegment, let last = verdict.lastSegment {
            rows.append(("replay", "\(counted(verdict.segments, "segment")), \(first) to \(last)"))
        }
        if let landing = verdict.landsAt {
            let time = landing.time.map { ", last transaction at \($0)" } ?? ", no transaction since the backup began"
            rows.append(("lands at", "\(landing.lsn) on timeline \(landing.timeline)\(time)"))
        }
        if let before = verdict.before { rows.append(("before", "\(before.time) at \(before.lsn)")) }
        if let after = verdict.after { rows.append(("after", "\(after.time) at \(after.lsn)")) }
        return rows
    }

    private var target: String {
        let value = report.target.valueText.map { " \(printable($0))" } ?? ""
        let exclusive = report.target.isInclusive ? "" : ", exclusive"
        return "\(report.target.kindName)\(value)\(exclusive), timeline \(report.target.timelineText)"
    }
}
