/// The findings of a server, what matters most first, each with what to do.
struct FindingsText {
    private let findings: [Finding]
    private let style: TextStyle

    init(_ findings: [Finding], style: TextStyle) {
        self.findings = findings
        self.style = style
    }

    var lines: [String] {
        findings.flatMap { finding in
            let label = finding.severity.rawValue.padded(7)
            let head = style.wrapped("\(finding.code.rawValue): \(finding.message)", first: "\(label)  ")
            let colored =
                [style.paint(label, finding.severity.color) + head[0].dropFirst(label.count)] + head.dropFirst()
            let hint = finding.hint.map { style.wrapped($0, first: "         → ", indent: 11) } ?? []
            return colored + hint.map { style.paint($0, .faint) }
        }
    }
}
