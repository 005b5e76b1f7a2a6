import ArgumentParser
import BarmanAudit
import BarmanRecovery
import ObjectStorage

/// `cellarman retention plan`: what would be kept and deleted, and why.
struct RetentionPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a retention policy would keep and delete, and why. Deletes nothing.",
        discussion: """
            A policy is CloudNativePG's (30d, 4w, 6m) or Barman's (RECOVERY WINDOW OF 30 DAYS, REDUNDANCY 3). The plan \
            compares what can be recovered from the backups that stay before and after, and is refused where that \
            would become less.

            --semantics exact deletes what no backup that stays needs on any way; barman deletes the same objects as \
            barman-cloud-backup-delete --retention-policy 3.19.1.

            Exit status: 0 plan made, 2 could not look, 5 refused.

            EXAMPLES
              cellarman retention plan s3://backups/homelab/ --policy 30d
              cellarman retention plan ./mirror --policy 'REDUNDANCY 3' --semantics barman
              cellarman retention plan ./mirror --policy 6m --include failed,orphans --keys
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var retention: RetentionOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Name every key that would go, in the order of deletion.")
    var keys = false

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        let (catalog, objects) = try await archive.load()
        let planner = Planner(
            options: retention,
            now: auditing.auditOptions().now,
            listsKeys: keys,
            progress: output.progressLine
        )
        let report = try await planner.plan(catalog, in: objects)
        warn(of: objects)
        try Terminal.print(try output.output.json?.render(report) ?? TextFormat(output.style).render(report))
        guard report.isRefused else { return }
        // Whoever sends the plan to a file is told all the same.
        if output.output != .text, let refusal = Refusal(of: report) { throw refusal }
        throw ExitStatus.refused.exitCode
    }

    /// Says what retention apply would refuse, as long as nobody depends on it.
    private func warn(of objects: any ObjectStore) {
        guard !output.quiet else { return }
        if auditing.now == nil, case .apart(let microseconds) = objects.clock, abs(microseconds) > 300_000_000 {
            let side = microseconds > 0 ? "ahead of" : "behind"
            let text = "the clock of the store is \(abs(microseconds) / 1_000_000) s \(side) the one here"
            Terminal.write("cellarman: warning: \(text): ages may be wrong; retention apply refuses\n", to: .error)
        }
        if let answer = objects.cachedAnswer {
            Terminal.write("cellarman: warning: \(answer) came out of a cache: retention apply refuses\n", to: .error)
        }
    }
}
