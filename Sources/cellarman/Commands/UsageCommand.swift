import ArgumentParser
import BarmanAudit

/// `cellarman usage`: what takes the room.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Count objects and bytes by server and class; the sums equal the listing.",
        discussion: """
            Classes: base, wal, history, partial, backup-label, annotation, unknown.

            EXAMPLES
              cellarman usage s3://backups/homelab/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman usage ./mirror --server example-db -o json
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        try await archive.printReport([.usage], auditing.auditOptions())
    }
}
