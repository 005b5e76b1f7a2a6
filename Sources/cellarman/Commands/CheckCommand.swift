import ArgumentParser
import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL

/// `cellarman check`: whether a recovery target can be reached.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a recovery target can be reached, from which backup, and where recovery lands.",
        discussion: """
            Replays the WAL as PostgreSQL would, writing nothing, and stops where PostgreSQL would stop. Up to 32 \
            segments are all read; in a longer chain what decides is looked for in a few of them, and the segments between \
            are taken for what their names say. Without a target: as far as the WAL goes.

            Exit status: 0 reachable, 2 could not look, 3 unreachable, 4 undetermined.

            EXAMPLES
              cellarman check s3://backups/homelab/ --server example-db --target-time 2026-11-20T21:00:00Z
              cellarman check ./mirror --server example-db --target-lsn 16/B374D848 --selection any
              cellarman check ./mirror --server example-db --target-name before-upgrade --backup-id 20261120T020000
            """
    )

    @OptionGroup var store: StoreOptions
    @OptionGroup var targeting: TargetOptions
    @OptionGroup var auditing: AuditingOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Take whole segments only, as barman-cloud-wal-restore --no-partial does.")
    var noPartial = false

    func validate() throws {
        guard store.server.count <= 1 else {
            throw ValidationError("check looks at one server: give --server once")
        }
    }

    func run() async throws {
        let archive = OpenArchive(store: store, output: output)
        let (catalog, objects) = try await archive.load()
        guard catalog.servers.count == 1 else {
            throw Refusal(
                status: .usage,
                code: "usage",
                message: "\(catalog.servers.count) servers below \(printable(store.location)): "
                    + catalog.servers.prefix(10).map(\.name).joined(separator: ", "),
                hint: "name one with --server"
            )
        }
        if let time = targeting.targetTime, !time.hasOffset, !output.quiet {
            Terminal.write("cellarman: warning: --target-time has no offset: taken as UTC\n", to: .error)
        }
        let analysis = RecoveryAnalysis(of: catalog.servers[0])
        let progress = output.progressLine
        let source = ProgressingWALSource(
            WALArchiveReader(store: objects, catalog: catalog.servers[0], takesPartials: !noPartial),
            progress
        )
        let verdict = try await TargetSearch(analysis, reading: source, evidence: targeting.evidence)
            .verdict(on: targeting.target, from: targeting.backupSelection)
        progress.finish()
        let report = CheckReport(
            server: catalog.servers[0].name,
            target: targeting.target,
            selection: targeting.backupSelection,
            verdict: verdict,
            segmentSize: catalog.servers[0].wal.segmentSize,
            options: auditing.auditOptions()
        )
        try Terminal.print(try output.output.json?.render(report) ?? TextFormat(output.style).render(report))
        // The store did not hand out an object that decides.
        if report.verdict.code == .objectUnreadable { throw ExitStatus.couldNotLook.exitCode }
        switch report.verdict.answer {
        case .reachable: break
        case .unreachable: throw ExitStatus.unreachable.exitCode
        case .undetermined: throw ExitStatus.undetermined.exitCode
        }
    }
}
