internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// The whole of a JSON report.
struct ReportDocument: Encodable {
    struct Tool: Encodable {
        let name: String
        let version: String
    }

    struct Requests: Encodable {
        let list: Int
        let get: Int
        let head: Int
        let delete: Int
        let retries: Int
        let bytesReceived: Int64
        let estimatedCost: Cost?
    }

    /// What the requests cost; absent where nobody asks for money.
    struct Cost: Encodable {
        let usd: Double
        let provider: Nullable<String>
        let pricesAsOf: Nullable<String>

        init(usd: Double, _ prices: RequestPrices) {
            self.usd = usd
            provider = Nullable(prices.source?.provider)
            pricesAsOf = Nullable(prices.source?.asOf)
        }
    }

    /// A server that could not be looked at.
    struct Failure: Encodable {
        struct Reason: Encodable {
            let code: String
            let message: String
            let hint: String?
        }

        let name: String
        let prefix: String
        let prefixBase64: String?
        let error: Reason

        init(_ failure: BucketCatalog.Failure) {
            name = failure.name
            prefix = failure.prefix.description
            prefixBase64 = failure.prefix.base64IfNotText
            error = Reason(
                code: failure.error.code.rawValue,
                message: failure.error.message,
                hint: failure.error.hint
            )
        }
    }

    struct Outside: Encodable {
        let objects: Int
        let bytes: Int64
        let examples: [String]
    }

    let schemaVersion = 1
    let tool: Tool
    let generatedAt: String
    let location: String
    let status: String?
    let requests: Requests
    let servers: [ServerDocument]?
    let failures: [Failure]?
    let outside: Outside?

    init(_ report: AuditReport, sections: Set<ReportSection>, withServers: Bool = true) {
        tool = Tool(name: report.tool.name, version: report.tool.version)
        generatedAt = report.generatedAt.description
        location = report.location
        let worst = report.failures.isEmpty ? report.worst ?? .info : .error
        status = sections.contains(.findings) ? worst.status : nil
        failures = report.failures.isEmpty ? nil : report.failures.map(Failure.init)
        requests = Requests(
            list: report.requests.list,
            get: report.requests.get,
            head: report.requests.head,
            delete: report.requests.delete,
            retries: report.requests.retries,
            bytesReceived: report.requests.bytesReceived,
            estimatedCost: report.prices.map { prices in
                Cost(usd: prices.cost(of: report.requests), prices)
            }
        )
        servers = withServers ? report.servers.map { ServerDocument($0, sections: sections) } : nil
        outside =
            sections.contains(.usage)
            ? Outside(
                objects: report.outside.objects,
                bytes: report.outside.bytes,
                examples: report.outside.examples.map(\.description)
            ) : nil
    }
}

/// One server of a JSON report; sections that were not asked for are left out.
struct ServerDocument: Encodable {
    let name: String
    let prefix: String
    let prefixBase64: String?
    let status: String?
    let systemIdentifier: Nullable<String>
    let walSegmentSize: Nullable<Int>
    let backups: [BackupDocument]?
    let timelines: [TimelineDocument]?
    let wal: WALDocument?
    let windows: [WindowDocument]?
    let usage: UsageDocument?
    let findings: [FindingDocument]?

    init(_ report: ServerReport, sections: Set<ReportSection>) {
        let analysis = report.analysis
        let catalog = analysis.catalog
        name = catalog.name
        prefix = catalog.prefix.description
        prefixBase64 = catalog.prefix.base64IfNotText
        status = sections.contains(.findings) ? (report.worst ?? .info).status : nil
        systemIdentifier = Nullable(catalog.backups.reversed().lazy.compactMap(\.details?.systemIdentifier).first)
        walSegmentSize = Nullable(catalog.wal.sizeEvidence == .assumed ? nil : catalog.wal.segmentSize.bytes)
        backups =
            sections.contains(.backups)
            ? analysis.assessments.map { BackupDocument($0, in: report) } : nil
        timelines = sections.contains(.wal) ? analysis.tree.nodes.map(TimelineDocument.init) : nil
        wal = sections.contains(.wal) ? WALDocument(analysis) : nil
        windows = sections.contains(.windows) ? analysis.windows.map(WindowDocument.init) : nil
        usage = sections.contains(.usage) ? UsageDocument(catalog.usage) : nil
        findings = sections.contains(.findings) ? report.findings.map(FindingDocument.init) : nil
    }
}

extension Severity {
    /// The status of something whose worst finding is of this severity.
    var status: String {
        switch self {
        case .info: "ok"
        case .warning: "warning"
        case .error: "error"
        }
    }
}

extension ServerReport {
    /// The codes of the findings about a backup, each once.
    func problems(of backup: BackupID) -> [FindingCode] {
        var codes: [FindingCode] = []
        for finding in findings where finding.backup == backup && !codes.contains(finding.code) {
            codes.append(finding.code)
        }
        return codes
    }
}
