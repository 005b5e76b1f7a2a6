import ArgumentParser
import BarmanAudit
import FoundationEssentials

/// How to say it.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: "The format: text, json, or ndjson: a line for each server as soon as it is known."
    )
    var output = Format.text

    @Option(help: "Whether to use colours: auto, always or never. NO_COLOR is honoured.")
    var color = When.auto

    @Flag(name: [.short, .long], help: "Print nothing on standard error but errors.")
    var quiet = false

    @Option(help: "Progress on standard error: auto (where it is a terminal), plain or none.")
    var progress = ProgressMode.auto

    /// The formats.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
        case ndjson

        /// How JSON is written, nil where there is to be text.
        var json: JSONFormat? {
            switch self {
            case .text: nil
            case .json: JSONFormat()
            case .ndjson: JSONFormat(isOnOneLine: true)
            }
        }
    }

    /// When to use colours.
    enum When: String, ExpressibleByArgument, CaseIterable {
        case auto
        case always
        case never
    }

    /// How to show progress.
    enum ProgressMode: String, ExpressibleByArgument, CaseIterable {
        case auto
        case plain
        case none
    }

    /// The format of the report.
    var format: any ReportFormat {
        output.json ?? TextFormat(style)
    }

    /// How wide and how colourful a text may be here.
    var style: TextStyle { Self.style(color) }

    /// How wide and how colourful a text may be on this standard output.
    static func style(_ color: When) -> TextStyle {
        let environment = ProcessInfo.processInfo.environment
        let columns = Terminal.width(of: .output) ?? environment["COLUMNS"].flatMap { Int($0) }
        let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
        let hasColor =
            switch color {
            case .always: true
            case .never: false
            case .auto: Terminal.isTerminal(.output) && !isPlain
            }
        return TextStyle(width: min(columns ?? 100, 200), hasColor: hasColor)
    }

    /// Shows progress as it was asked for.
    var progressLine: ProgressLine {
        guard !quiet else { return ProgressLine(.none) }
        return switch progress {
        case .auto: ProgressLine(Terminal.isTerminal(.error) ? .line : .none)
        case .plain: ProgressLine(.plain)
        case .none: ProgressLine(.none)
        }
    }
}
