import ArgumentParser
import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage

/// `cellarman retention apply`: deletes exactly what the plan says.
struct RetentionApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Delete what a retention policy gives up: exactly what the plan says.",
        discussion: """
            Lists and plans anew, and goes on only if the plan has the digest that was reviewed (--plan-digest, from \
            retention plan) or with --yes. Deletes backups oldest first, of each its data before its backup.info, then \
            WAL; lists again and says what is still there.

            Before the first deletion it reads backup.info of every backup that stays and looks for its data, and looks \
            whether one that goes has been annotated since. The clock here must agree with the store's.

            Killed at any point, it can be run again, and the backups that stay are whole. A backup that it was just \
            deleting, and the oldest of each timeline, whose backup.info goes last of all, may lack data then and still \
            be DONE to Barman: audit says backup-data-missing of it. Run it again at once.

            Exit status: 0 done, 2 could not look or some objects are still there, 5 refused: nothing was deleted.

            EXAMPLES
              cellarman retention apply s3://backups/ --policy 30d --plan-digest sha256:74…
              cellarman retention apply ./mirror --policy 'REDUNDANCY 3' --yes --log d.jsonl
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var retention: RetentionOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Delete only if the plan has this digest.")
    var planDigest: String?

    @Flag(help: "Delete whatever the plan is now.")
    var yes = false

    @Option(
        help: "Write JSON lines for every object: before it is deleted, and what became of it.",
        completion: .file()
    )
    var log: String?

    @Option(help: "How far the clock here may be from the store's: 5m.")
    var maxClockSkew = TimeSpan(seconds: 300)

    @Flag(help: "The clock here is right, though the store does not tell its own. A known difference still refuses.")
    var trustClock = false

    func validate() throws {
        guard (planDigest != nil) != yes else {
            throw ValidationError("give either --plan-digest, as retention plan printed it, or --yes")
        }
        guard let planDigest else { return }
        let digits = planDigest.dropFirst("sha256:".count)
        guard planDigest.hasPrefix("sha256:"), digits.count == 64, digits.allSatisfy(\.isHexDigit) else {
            throw ValidationError("--plan-digest takes sha256: and 64 hexadecimal digits, got \(printable(planDigest))")
        }
    }

    func run() async throws {
        let log = try log.map { try DeletionLog(path: $0, outside: store.archiveLocation().directory) }
        let archive = OpenArchive(store: store, output: output)
        let objects = try archive.openForDeleting()
        let catalog = try await archive.load(from: objects)
        let clock = ClockGuard(limit: maxClockSkew.seconds, trusts: trustClock)
        try clock.check(objects, catalog, at: AuditingOptions.clock)
        let planner = Planner(
            options: retention,
            now: AuditingOptions.clock,
            listsKeys: false,
            progress: output.progressLine
        )
        let plan = try await planner.plan(catalog, in: objects)
        try refuse(plan)
        announce(plan)
        let report = try await apply(plan, to: catalog, in: objects, log) {
            // Answers since the first listing may have told more of the clock.
            try clock.check(objects, catalog, at: AuditingOptions.clock)
        }
        do {
            try Terminal.print(try output.output.json?.render(report) ?? TextFormat(output.style).render(report))
        } catch let refusal as Refusal {
            throw Refusal(
                status: refusal.status,
                code: refusal.code,
                message: "\(refusal.message); the deletion is \(report.isComplete ? "" : "not ")complete",
                hint: refusal.hint
            )
        }
        if let status = Interruption.exitStatus { throw status.exitCode }
        if !report.isComplete { throw ExitStatus.couldNotLook.exitCode }
    }

    /// Deletes; a signal lets the request under way end, and keeps the next from beginning.
    private func apply(
        _ plan: PlanReport,
        to catalog: BucketCatalog,
        in objects: any DeletableObjectStore,
        _ log: DeletionLog?,
        lastCheck: @escaping @Sendable () throws -> Void
    ) async throws -> DeletionReport {
        let store = StoppableObjectStore(objects)
        let applier = Applier(store: store, lastCheck: lastCheck, log: log, progress: output.progressLine)
        return try await Interruption.guarding(stop: { store.stop() }, isBusy: { store.isDeleting }) {
            try await applier.apply(plan, to: catalog)
        }
    }

    /// Says what is about to be done.
    private func announce(_ plan: PlanReport) {
        guard !output.quiet, output.output == .text else { return }
        let deletions = plan.servers.compactMap(\.announcement)
        guard !deletions.isEmpty else { return }
        for text in deletions + (plan.protection?.sentences ?? []) {
            Terminal.write("cellarman: \(text)\n", to: .error)
        }
    }

    private func refuse(_ plan: PlanReport) throws {
        if let refusal = Refusal(of: plan) { throw refusal }
        if let planDigest, planDigest != plan.digest {
            throw Refusal(
                status: .refused,
                code: "digestDiffers",
                message: "the plan is another one now: its digest is \(plan.digest), not \(printable(planDigest))",
                hint: "look at the plan again with retention plan; nothing was deleted"
            )
        }
    }
}
