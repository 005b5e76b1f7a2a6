import ArgumentParser
import BarmanAudit

/// `cellarman windows`: what can be restored.
struct WindowsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "windows",
        abstract: "Say from where to where each backup can be recovered, by timeline.",
        discussion: """
            A window begins where the backup is consistent and ends with the last commit or abort that a recovery can \
            replay before the WAL ends: the few WAL objects that tell are opened. With --evidence names it ends with \
            the last segment before a hole, and the last commit in it may be earlier.

            EXAMPLES
              cellarman windows s3://backups/homelab/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman windows ./mirror --server example-db -o json
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var judging: EvidenceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        try await archive.printReport([.windows], auditing.auditOptions(), evidence: judging.evidence)
    }
}
