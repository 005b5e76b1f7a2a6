internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// From where to where a server can be restored.
struct WindowsText {
    private let analysis: RecoveryAnalysis
    private let style: TextStyle

    // The newest windows matter; the command `windows` prints them all.
    private static let mostInSummary = 6

    init(_ analysis: RecoveryAnalysis, style: TextStyle) {
        self.analysis = analysis
        self.style = style
    }

    func lines(shortened: Bool) -> [String] {
        let all = shortened ? analysis.windows.filter(\.isLatest) : analysis.windows
        guard !analysis.windows.isEmpty else { return [style.paint("nothing can be restored", .error)] }
        guard !all.isEmpty else {
            return style.wrapped(
                "nothing can be restored to latest; see cellarman windows for other timelines",
                first: ""
            )
        }
        let shown = shortened ? all.suffix(Self.mostInSummary) : all[...]
        var table = TextTable([
            .text("restore"), .text("path"), .text("from"), .number("", dispensable: 2),
            .text(isByNames ? "at most to" : "to"), .number("", dispensable: 1), .text("ends at"),
            .text("latest", dispensable: 3),
        ])
        for window in shown { table.append(row(window)) }
        var lines = table.lines(style: style)
        if shown.count < analysis.windows.count {
            lines.append("  … and \(analysis.windows.count - shown.count) more: cellarman windows")
        }
        if shown.contains(where: { !$0.isCertain }) {
            lines.append(style.paint("?: whether the backup itself can be restored, the listing cannot tell", .faint))
        }
        if !shortened {
            let note =
                isByNames
                ? "by names only: \"at most to\" is when the last segment was stored"
                : "\"to\" is the last commit or abort that recovery can replay: a target time has to lie before it"
            lines += style.wrapped(note, first: "").map { style.paint($0, .faint) }
        }
        return lines
    }

    /// Whether any end is that of the names.
    private var isByNames: Bool { analysis.windows.contains { $0.evidence == .names } }

    private func row(_ window: RecoveryWindow) -> [String] {
        [
            window.backup.description + (window.isCertain ? "" : " ?"),
            window.path.map(\.description).joined(separator: "→"),
            window.from.time?.toSeconds ?? "-",
            window.from.lsn.description,
            window.to.time?.toSeconds ?? "-",
            window.to.lsn.description,
            window.ending == .archiveHead ? "head" : window.ending.rawValue,
            window.isLatest ? "yes" : "no",
        ]
    }
}
