/// The findings of a server, what matters most first, each with what to do.
struct FindingsText {
    // Nobody reads more in a terminal; the summary counts them all.
    static let mostShown = 50

    private let findings: [Finding]
    private let style: TextStyle

    /// The text of findings that are ordered by severity, the worst first.
    init(_ findings: [Finding], style: TextStyle) {
        self.findings = findings
        self.style = style
    }

    var lines: [String] {
        let shown = findings.prefix(Self.mostShown).flatMap(lines)
        guard findings.count > Self.mostShown else { return shown }
        let hidden = findings.count - Self.mostShown
        return shown + style.wrapped("… and \(grouped(hidden)) more: --output json lists them all", first: "")
    }

    private func lines(of finding: Finding) -> [String] {
        let label = finding.severity.rawValue.padded(7)
        let head = style.wrapped("\(finding.code.rawValue): \(finding.message)", first: "\(label)  ")
        let colored = [style.paint(label, finding.severity.color) + head[0].dropFirst(label.count)] + head.dropFirst()
        let hint = finding.hint.map { style.wrapped($0, first: "         → ", indent: 11) } ?? []
        return colored + hint.map { style.paint($0, .faint) }
    }
}
