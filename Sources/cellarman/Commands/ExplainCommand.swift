public import ArgumentParser
public import BarmanAudit

/// `cellarman explain`: what a finding code means.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what a finding code means, why it matters and what to do.",
        discussion: """
            EXAMPLES
              cellarman explain wal-gap
              cellarman explain            (all codes in a line each)
              cellarman explain -o json    (all that is known of all codes)
            """
    )

    @Argument(help: "The code of a finding, such as wal-gap.", completion: .list(FindingCode.allCases.map(\.rawValue)))
    var code: FindingCode?

    @Option(name: [.customShort("o"), .long], help: "The format: text, json or ndjson.")
    var output = OutputOptions.Format.text

    func run() throws {
        if let json = output.json {
            Terminal.write(try json.render(explaining: code.map { [$0] } ?? FindingCode.allCases), to: .output)
        } else {
            let style = OutputOptions.style(.auto)
            let text = code.map { ExplanationText($0, style: style).page } ?? ExplanationText.index(style)
            Terminal.write(text, to: .output)
        }
    }
}

extension FindingCode: ExpressibleByArgument {}
