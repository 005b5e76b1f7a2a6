public import BarmanCatalog
public import BarmanRecovery
public import ObjectStorage
public import PostgresWAL

/// Everything that an audit of a location says.
public struct AuditReport: Sendable {
    /// The name and the version of the program, for the report's head.
    public struct Tool: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The version.
        public var version: String

        /// A tool of this name and version.
        public init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// Who made the report.
    public var tool: Tool
    /// When, by the clock that ages are reckoned from.
    public var generatedAt: TimestampTZ
    /// What was looked at, as it was written.
    public var location: String
    /// What the store was asked.
    public var requests: RequestStatistics
    /// The servers, by directory.
    public var servers: [ServerReport]
    /// Objects outside the directory of any server.
    public var outside: ObjectTally
    /// How many objects the listing had, and their sizes.
    public var total: Usage.Share
    /// The servers that could not be looked at, by directory.
    public var failures: [BucketCatalog.Failure]
    /// What the store asks for requests, nil where that is nothing or not known.
    public var prices: RequestPrices?

    /// The report on a catalog.
    ///
    /// - Parameters:
    ///   - catalog: what was found.
    ///   - analyses: what was concluded from each of its servers, nil for what the listing alone allows to.
    ///   - location: what was looked at.
    ///   - tool: who makes the report.
    ///   - options: by which ages are reckoned.
    ///   - requests: what the store was asked.
    public init(
        on catalog: BucketCatalog,
        analyses: [RecoveryAnalysis]? = nil,
        at location: ArchiveLocation,
        by tool: Tool,
        options: AuditOptions,
        requests: RequestStatistics
    ) {
        let auditor = Auditor(options)
        self.tool = tool
        self.generatedAt = options.now
        self.location = location.destinationPath
        self.requests = requests
        self.servers = (analyses ?? catalog.servers.map { RecoveryAnalysis(of: $0) }).map { auditor.audit($0) }
        self.outside = catalog.outside
        self.total = catalog.total
        self.failures = catalog.failures
    }

    /// The worst severity among the findings of all servers, nil where there is none.
    public var worst: Severity? { servers.compactMap(\.worst).max() }
}

/// The parts of a report that a command may print alone.
public enum ReportSection: Hashable, Sendable, CaseIterable {
    /// The base backups.
    case backups
    /// The WAL: runs, gaps, timelines.
    case wal
    /// What can be restored.
    case windows
    /// What takes the room.
    case usage
    /// What is to be said.
    case findings
}

/// A rendering of a report.
public protocol ReportFormat: Sendable {
    /// The text of the report, or of some of its sections.
    func render(_ report: AuditReport, sections: Set<ReportSection>) throws -> String
}
