public import ArgumentParser
public import BarmanAudit

/// `cellarman audit`: everything about everything below a location.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look at every server below a location and say what is wrong.",
        discussion: """
            Prints a summary, then for every server its backups, its timelines with runs, gaps and forks, what can \
            be restored, and findings with hints. `cellarman explain CODE` tells more about a finding.

            EXAMPLES
              cellarman audit s3://backups/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman audit s3://backups/ --max-backup-age 26h --max-archive-age 15m --fail-on warning -o json
              cellarman audit s3://backups/ -o ndjson | jq -r 'select(.server).server | .name, .status'
              cellarman audit s3://backups/ --plan-only
              cellarman audit ./mirror --server example-db --now 2026-11-20T21:00:00Z
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var judging: EvidenceOption
    @OptionGroup var output: OutputOptions

    @Option(help: "The least severity that makes the exit status 1: error, warning or info.")
    var failOn = Severity.error

    @Option(help: "Report backup-too-old where the newest good backup is older: 26h, 8d.")
    var maxBackupAge: TimeSpan?

    @Option(help: "Report archive-stale where the newest WAL segment is older: 15m, 2h.")
    var maxArchiveAge: TimeSpan?

    @Flag(help: "Look at nothing; say how many requests an audit would take, after at most 100 of them.")
    var planOnly = false

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        guard !planOnly else { return try await archive.printEstimate() }
        let options = auditing.auditOptions(maxBackupAge: maxBackupAge, maxArchiveAge: maxArchiveAge)
        let sections = Set(ReportSection.allCases)
        let report = try await archive.printReport(sections, options, evidence: judging.evidence)
        if let worst = report.worst, worst >= failOn { throw ExitStatus.findings.exitCode }
    }
}

extension Severity: ExpressibleByArgument {}
