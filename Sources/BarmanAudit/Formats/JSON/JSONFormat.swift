internal import FoundationEssentials

/// The report as one JSON object, as `interface` promises it: camelCase keys, sorted, sizes in bytes.
public struct JSONFormat: ReportFormat {
    /// Whether a document is one line, as newline-delimited JSON wants it.
    private let isOnOneLine: Bool

    /// The format, on many lines for people or on one for what reads lines.
    public init(isOnOneLine: Bool = false) {
        self.isOnOneLine = isOnOneLine
    }

    /// The report, or some of its sections, and a line end behind it.
    public func render(_ report: AuditReport, sections: Set<ReportSection>) throws -> String {
        try text(of: ReportDocument(report, sections: sections))
    }

    /// The answer to a recovery target, and a line end behind it.
    public func render(_ report: CheckReport) throws -> String {
        try text(of: CheckDocument(report))
    }

    /// What a retention policy would delete, and a line end behind it.
    public func render(_ report: PlanReport) throws -> String {
        try text(of: PlanDocument(report))
    }

    /// What an audit would take, and a line end behind it.
    public func render(_ report: EstimateReport) throws -> String {
        try text(of: EstimateDocument(report))
    }

    /// What a deletion has done, and a line end behind it.
    public func render(_ report: DeletionReport) throws -> String {
        try text(of: DeletionDocument(report))
    }

    /// One server of a report on a line of its own: `{"server":{…}}`, what stands in `servers` of the whole report.
    public func line(of server: ServerReport, sections: Set<ReportSection>) throws -> String {
        try JSONFormat(isOnOneLine: true).text(of: ["server": ServerDocument(server, sections: sections)])
    }

    /// All of a report but its servers on a line of its own: `{"report":{…}}`.
    public func lastLine(of report: AuditReport, sections: Set<ReportSection>) throws -> String {
        try JSONFormat(isOnOneLine: true)
            .text(of: ["report": ReportDocument(report, sections: sections, withServers: false)])
    }

    /// What these finding codes mean, and a line end behind it.
    public func render(explaining codes: [FindingCode]) throws -> String {
        try text(of: ExplanationDocument(codes))
    }

    /// Any value as JSON text, with keys in order and slashes as they are.
    private func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isOnOneLine { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
