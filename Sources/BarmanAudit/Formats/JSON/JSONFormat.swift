internal import FoundationEssentials

/// The report as one JSON object, as `interface` promises it: camelCase keys, sorted, sizes in bytes.
public struct JSONFormat: ReportFormat {
    /// The format; it has no settings.
    public init() {}

    /// The report, or some of its sections, and a line end behind it.
    public func render(_ report: AuditReport, sections: Set<ReportSection>) throws -> String {
        try Self.text(of: ReportDocument(report, sections: sections))
    }

    /// The answer to a recovery target, and a line end behind it.
    public func render(_ report: CheckReport) throws -> String {
        try Self.text(of: CheckDocument(report))
    }

    /// What a retention policy would delete, and a line end behind it.
    public func render(_ report: PlanReport) throws -> String {
        try Self.text(of: PlanDocument(report))
    }

    /// What an audit would take, and a line end behind it.
    public func render(_ report: EstimateReport) throws -> String {
        try Self.text(of: EstimateDocument(report))
    }

    /// What a deletion has done, and a line end behind it.
    public func render(_ report: DeletionReport) throws -> String {
        try Self.text(of: DeletionDocument(report))
    }

    /// What these finding codes mean, and a line end behind it.
    public func render(explaining codes: [FindingCode]) throws -> String {
        try Self.text(of: ExplanationDocument(codes))
    }

    /// Any value as JSON text, with keys in order and slashes as they are.
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
