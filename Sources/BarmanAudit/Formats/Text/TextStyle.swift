/// How wide a text may be, and whether it may have colours.
public struct TextStyle: Hashable, Sendable {
    /// The width of a line, in columns of the terminal; at least 60.
    public var width: Int

    /// Whether to colour what is good and what is bad.
    public var hasColor: Bool

    /// A style of this width.
    public init(width: Int = 80, hasColor: Bool = false) {
        self.width = max(60, width)
        self.hasColor = hasColor
    }

    /// The colours of a terminal, by meaning.
    enum Color: String {
        case error = "31"
        case warning = "33"
        case good = "32"
        case faint = "2"
        case strong = "1"
    }

    /// The text in a colour, or as it is.
    func paint(_ text: String, _ color: Color) -> String {
        hasColor && !text.isEmpty ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The text in lines of the style's width, the first behind `first`, the others behind as many blanks.
    func wrapped(_ text: String, first: String, indent: Int? = nil) -> [String] {
        let indentation = String(repeating: " ", count: indent ?? first.count)
        var lines: [String] = []
        var line = first
        var column = first.displayWidth
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, column + 1 + word.displayWidth > width {
                lines.append(line)
                line = indentation
                column = indentation.displayWidth
                isEmpty = true
            }
            line += isEmpty ? String(word) : " " + word
            column += word.displayWidth + (isEmpty ? 0 : 1)
            isEmpty = false
        }
        return lines + [line]
    }
}

extension Severity {
    /// The colour that stands for the severity.
    var color: TextStyle.Color {
        switch self {
        case .info: .faint
        case .warning: .warning
        case .error: .error
        }
    }
}

extension String {
    /// The text with blanks behind it, up to a width.
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - displayWidth))
    }

    /// The text without the blanks at its end.
    var withoutTrailingBlanks: String {
        String(prefix(count - reversed().prefix { $0 == " " }.count))
    }

    /// The text with blanks before it, up to a width.
    func aligned(_ width: Int) -> String {
        String(repeating: " ", count: max(0, width - displayWidth)) + self
    }
}
