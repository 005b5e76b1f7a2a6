import ArgumentParser
import BarmanAudit

/// `cellarman wals`: runs, gaps and forks.
struct WALsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wals",
        abstract: "Draw the WAL by timeline, with its runs, gaps and forks.",
        discussion: """
            A gap is WAL that a recovery from some backup would miss; a fork is none.

            EXAMPLES
              cellarman wals s3://backups/homelab/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman wals ./mirror --server example-db -o json
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        try await archive.printReport([.wal], auditing.auditOptions())
    }
}
