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
        lines += rows.flatMap { style.wrapped($0.1, first: "  \($0.0.padded(10))") }
        if !report.findings.isEmpty { lines += [""] + FindingsText(report.findings, style: style).lines }
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
            let count = counted(Int(clamping: verdict.segments), "segment")
            rows.append(("replay", "\(count), about \(byteCount(verdict.bytes)), \(first) to \(last)"))
            rows.append(("opened", opened))
        }
        if let landing = verdict.landsAt {
            let time = landing.time.map { ", last transaction at \($0)" } ?? ", no transaction since the backup began"
            rows.append(("lands at", "\(landing.lsn) on timeline \(landing.timeline)\(time)"))
        }
        if let before = verdict.before {
            rows.append(("before", "\(before.time) at \(before.lsn), the last transaction that is replayed"))
        }
        if let after = verdict.after {
            // A report makes "pending" of what the search called unreachable.
            let isElsewhere = verdict.answer == .unreachable || verdict.code == .walPending
            let what = isElsewhere && verdict.landsAt == nil ? nextStart : "the next transaction"
            rows.append(("after", "\(after.time) at \(after.lsn), \(what)"))
        }
        return rows
    }

    private let nextStart = "where a later backup becomes consistent"

    /// What the verdict rests on.
    private var opened: String {
        let verdict = report.verdict
        guard verdict.evidence == .records else { return "nothing: judged by names" }
        let isAll = verdict.segments <= UInt64(verdict.opened)
        return isAll
            ? "all of them" : "\(verdict.opened) of them, the others judged by names; --evidence full opens all"
    }

    private var target: String {
        let value = report.target.valueText.map { " \(printable($0))" } ?? ""
        let exclusive = report.target.isInclusive ? "" : ", exclusive"
        return "\(report.target.kindName)\(value)\(exclusive), timeline \(report.target.timelineText)"
    }
}
