internal import BarmanCatalog
internal import ObjectStorage

/// The report as a person reads it: a summary, a block for each server, what is to be done.
public struct TextFormat: ReportFormat {
    private let style: TextStyle

    /// A format of this style.
    public init(_ style: TextStyle) {
        self.style = style
    }

    /// The answer to a recovery target.
    public func render(_ report: CheckReport) -> String {
        CheckText(report, style: style).lines.joined(separator: "\n") + "\n"
    }

    /// What a retention policy would delete.
    public func render(_ report: PlanReport) -> String {
        PlanText(report, style: style).lines.joined(separator: "\n") + "\n"
    }

    /// What an audit would take.
    public func render(_ report: EstimateReport) -> String {
        EstimateText(report, style: style).lines.joined(separator: "\n") + "\n"
    }

    /// What a deletion has done.
    public func render(_ report: DeletionReport) -> String {
        DeletionText(report, style: style).lines.joined(separator: "\n") + "\n"
    }

    /// The report, or some of its sections.
    public func render(_ report: AuditReport, sections: Set<ReportSection>) -> String {
        var lines: [String] = []
        if sections.count > 1 {
            lines += SummaryText(report, style: style).lines
        }
        for server in report.servers {
            if !lines.isEmpty { lines.append("") }
            lines += ServerText(server, now: report.generatedAt, style: style).lines(sections)
        }
        for failure in report.failures {
            if !lines.isEmpty { lines.append("") }
            let name = style.paint(printable(failure.name), .strong)
            lines.append("\(name): \(style.paint("not looked at", .error)): \(failure.error.message)")
            if let hint = failure.error.hint { lines.append("  → \(hint)") }
        }
        if report.servers.isEmpty {
            lines.append("no server found: nothing below \(report.location) has Barman's base/ or wals/")
        }
        if sections == [.usage] { lines += SummaryText(report, style: style).total }
        return lines.joined(separator: "\n") + "\n"
    }
}
