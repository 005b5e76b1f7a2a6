import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import ObjectStorageS3

/// Looks at a location once and makes the report on it: what every reporting command does.
struct OpenArchive {
    let store: StoreOptions
    let output: OutputOptions

    /// Prints some sections of the report, and returns it, or throws an error that says why nobody could look.
    ///
    /// A server that cannot be looked at does not stop the others; it is in the report, and status 2 is thrown behind it.
    /// Where each server has a line of its own, it is printed as soon as it and all before it are known.
    @discardableResult
    func printReport(
        _ sections: Set<ReportSection>,
        _ options: AuditOptions,
        evidence: WALEvidence = .names
    ) async throws -> AuditReport {
        let objects = try openForDeleting()
        var catalog = try await load(from: objects, toleratesBrokenServers: true)
        let lines = output.output == .ndjson ? output.output.json : nil
        let analyses = try await analyses(of: &catalog, evidence, reading: objects) { analysis in
            guard let lines else { return }
            try Terminal.print(try lines.line(of: Auditor(options).audit(analysis), sections: sections))
        }
        var report = AuditReport(
            on: catalog,
            analyses: analyses,
            at: try store.archiveLocation(),
            by: Program.tool,
            options: options,
            requests: objects.statistics
        )
        report.prices = prices(of: objects)
        let text = try lines?.lastLine(of: report, sections: sections)
        try Terminal.print(try text ?? output.format.render(report, sections: sections))
        let isUnread = report.servers.contains { $0.findings.contains { $0.code == .objectUnreadable } }
        if isUnread || !report.failures.isEmpty { throw ExitStatus.couldNotLook.exitCode }
        return report
    }

    // Each holds the few segments that it reads in memory.
    private static let mostServersAtOnce = 2

    /// The analyses with what the WAL itself says, if it is to be asked; each is shown in turn.
    private func analyses(
        of catalog: inout BucketCatalog,
        _ evidence: WALEvidence,
        reading objects: any ObjectStore,
        show: (RecoveryAnalysis) throws -> Void
    ) async throws -> [RecoveryAnalysis] {
        guard evidence != .names else {
            return try catalog.servers.map { server in
                let analysis = RecoveryAnalysis(of: server)
                try show(analysis)
                return analysis
            }
        }
        let progress = output.progressLine
        defer { progress.finish() }
        typealias Outcome = Result<RecoveryAnalysis, BucketCatalog.Failure>
        let results = try await concurrently(
            catalog.servers,
            atOnce: Self.mostServersAtOnce,
            show: { (outcome: Outcome) in
                if case .success(let analysis) = outcome { try show(analysis) }
            },
            body: { server -> Outcome in
                let source = ProgressingWALSource(WALArchiveReader(store: objects, catalog: server), progress)
                let analysis = RecoveryAnalysis(of: server)
                return try await server.tolerating {
                    analysis.refined(
                        by: try await WindowSearch(analysis, reading: source, evidence: evidence).evidence()
                    )
                }
            }
        )
        catalog.take(failuresOf: results)
        if catalog.servers.isEmpty, let failure = catalog.failures.first { throw failure.error }
        return results.compactMap { try? $0.get() }
    }

    /// Says what a report would ask of the store.
    func printEstimate() async throws {
        let objects = try openForDeleting()
        let report = EstimateReport(
            location: store.location,
            estimate: try await CatalogLoader(store: objects).estimate(try store.archiveLocation()),
            requests: objects.statistics,
            prices: prices(of: objects)
        )
        try Terminal.print(try output.output.json?.render(report) ?? TextFormat(output.style).render(report))
    }

    /// What requests to a store cost; nothing is asked of a directory.
    private func prices(of objects: any ObjectStore) -> RequestPrices? {
        (objects as? S3ObjectStore).flatMap { store.connection.requestPrices ?? $0.provider.prices }
    }

    /// What was found, at least one server, and the store that it was found in.
    func load() async throws -> (BucketCatalog, any ObjectStore) {
        let objects = try openForDeleting()
        return (try await load(from: objects), objects)
    }

    /// The store, with the right to delete: only for the command that does.
    func openForDeleting() throws -> any DeletableObjectStore {
        try StoreOpener(options: store.connection, isQuiet: output.quiet || output.output != .text)
            .open(store.archiveLocation())
    }

    /// What is found in a store, at least one server.
    func load(from objects: any ObjectStore, toleratesBrokenServers: Bool = false) async throws -> BucketCatalog {
        let location = try store.archiveLocation()
        let line = output.progressLine
        let progress = ListingProgress(line)
        let concurrency = (objects as? S3ObjectStore)?.concurrency ?? store.connection.concurrency ?? 8
        let loader = CatalogLoader(store: objects, concurrency: concurrency) { progress.show($0) }
        defer { line.finish() }
        let catalog = try await loader.load(location, toleratesBrokenServers: toleratesBrokenServers)
        if !output.quiet {
            for note in catalog.notes { Terminal.write("cellarman: warning: \(note)\n", to: .error) }
        }
        guard !catalog.servers.isEmpty else {
            throw Refusal(
                status: .couldNotLook,
                code: "noSuchServer",
                message: "no server below \(printable(location.destinationPath)): "
                    + "none of its \(catalog.total.objects) objects lies in a directory base/ or wals/ of Barman's",
                hint: "a location is the destinationPath that the backups were made with; check bucket and prefix"
            )
        }
        return catalog
    }
}
