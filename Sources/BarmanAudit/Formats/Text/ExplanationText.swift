/// The page that explains a finding code.
public struct ExplanationText: Sendable {
    private let code: FindingCode
    private let style: TextStyle

    /// The page of a code.
    public init(_ code: FindingCode, style: TextStyle) {
        self.code = code
        self.style = style
    }

    /// The code, its severity, and three paragraphs.
    public var page: String {
        let explanation = code.explanation
        var lines = ["\(style.paint(code.rawValue, .strong)) (\(explanation.severity))"]
        for (title, text) in [
            ("what", explanation.meaning), ("why", explanation.reason), ("do", explanation.remedy),
        ] {
            lines += style.wrapped(text, first: "  \(title.padded(5)) ")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// All codes, a line each.
    public static func index(_ style: TextStyle) -> String {
        var table = TextTable([.text("code"), .text("severity"), .text("means")])
        for code in FindingCode.allCases {
            table.append([code.rawValue, code.explanation.severity, code.explanation.meaning])
        }
        return table.lines(style: style).joined(separator: "\n") + "\n"
    }
}
