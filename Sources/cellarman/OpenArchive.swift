import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import ObjectStorageS3

/// Looks at a location once and makes the report on it: what every reporting command does.
struct OpenArchive {
    let store: StoreOptions
    let output: OutputOptions

    /// The report, or an error that says why nobody could look.
    ///
    /// A server that cannot be looked at does not stop the others; it is in the report.
    func report(_ options: AuditOptions, evidence: WALEvidence = .names) async throws -> AuditReport {
        let objects = try openForDeleting()
        var catalog = try await load(from: objects, toleratesBrokenServers: true)
        let analyses = try await analyses(of: &catalog, evidence, reading: objects)
        var report = AuditReport(
            on: catalog,
            analyses: analyses,
            at: try store.archiveLocation(),
            by: Program.tool,
            options: options,
            requests: objects.statistics
        )
        report.prices = (objects as? S3ObjectStore)?.provider.prices
        return report
    }

    // Each holds the few segments that it reads in memory.
    private static let mostServersAtOnce = 2

    /// The analyses with what the WAL itself says, if it is to be asked.
    private func analyses(
        of catalog: inout BucketCatalog,
        _ evidence: WALEvidence,
        reading objects: any ObjectStore
    ) async throws -> [RecoveryAnalysis] {
        guard evidence != .names else { return catalog.servers.map { RecoveryAnalysis(of: $0) } }
        let progress = output.progressLine
        defer { progress.finish() }
        let results = try await concurrently(catalog.servers, atOnce: Self.mostServersAtOnce) { server in
            let source = ProgressingWALSource(WALArchiveReader(store: objects, catalog: server), progress)
            let analysis = RecoveryAnalysis(of: server)
            return try await server.tolerating {
                analysis.refined(
                    by: try await WindowSearch(analysis, reading: source, evidence: evidence).evidence()
                )
            }
        }
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
            prices: (objects as? S3ObjectStore)?.provider.prices
        )
        let text =
            switch output.output {
            case .json: try JSONFormat().render(report)
            case .text: TextFormat(output.style).render(report)
            }
        try Terminal.print(text)
    }

    /// What was found, at least one server, and the store that it was found in.
    func load() async throws -> (BucketCatalog, any ObjectStore) {
        let objects = try openForDeleting()
        return (try await load(from: objects), objects)
    }

    /// The store, with the right to delete: only for the command that does.
    func openForDeleting() throws -> any DeletableObjectStore {
        try StoreOpener(options: store.connection, isQuiet: output.quiet || output.output == .json)
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

    /// Prints some sections of a report, and ends with status 2 where it does not have all servers in it.
    func print(_ report: AuditReport, _ sections: Set<ReportSection>) throws {
        try Terminal.print(try output.format.render(report, sections: sections))
        if !report.failures.isEmpty { throw ExitStatus.couldNotLook.exitCode }
    }
}
