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
        if report.servers.isEmpty {
            lines.append("no server found: nothing below \(report.location) has Barman's base/ or wals/")
        }
        if sections == [.usage] { lines += SummaryText(report, style: style).total }
        return lines.joined(separator: "\n") + "\n"
    }
}
