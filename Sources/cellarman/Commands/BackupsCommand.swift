import ArgumentParser
import BarmanAudit

/// `cellarman backups`: the base backups.
struct BackupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backups",
        abstract: "List the base backups, newest last.",
        discussion: """
            "restorable" is judged by the listing: status, tars, and the WAL from begin to end. Content is not read.

            EXAMPLES
              cellarman backups s3://backups/homelab/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman backups ./mirror --server example-db -o json
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var judging: EvidenceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        try await archive.printReport([.backups], auditing.auditOptions(), evidence: judging.evidence)
    }
}
