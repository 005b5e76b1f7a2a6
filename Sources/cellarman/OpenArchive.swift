import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage

/// Looks at a location once and makes the report on it: what every reporting command does.
struct OpenArchive {
    let store: StoreOptions
    let output: OutputOptions

    /// The report, or an error that says why nobody could look.
    func report(_ options: AuditOptions, evidence: WALEvidence = .names) async throws -> AuditReport {
        let (catalog, objects) = try await load()
        var analyses = catalog.servers.map { RecoveryAnalysis(of: $0) }
        if evidence != .names { analyses = try await refined(analyses, evidence, reading: objects) }
        return AuditReport(
            on: catalog,
            analyses: analyses,
            at: try store.archiveLocation(),
            by: Program.tool,
            options: options,
            requests: objects.statistics
        )
    }

    /// The analyses with what the WAL itself says.
    private func refined(
        _ analyses: [RecoveryAnalysis],
        _ evidence: WALEvidence,
        reading objects: any ObjectStore
    ) async throws -> [RecoveryAnalysis] {
        let progress = output.progressLine
        defer { progress.finish() }
        var refined: [RecoveryAnalysis] = []
        for analysis in analyses {
            let source = ProgressingWALSource(WALArchiveReader(store: objects, catalog: analysis.catalog), progress)
            let search = WindowSearch(analysis, reading: source, evidence: evidence)
            refined.append(analysis.refined(by: try await search.evidence()))
        }
        return refined
    }

    /// What was found, at least one server, and the store that it was found in.
    func load() async throws -> (BucketCatalog, any ObjectStore) {
        let objects = try openForDeleting()
        return (try await load(from: objects), objects)
    }

    /// The store, with the right to delete: only for the command that does.
    func openForDeleting() throws -> any DeletableObjectStore {
        try StoreOpener(options: store, isQuiet: output.quiet || output.output == .json).open(store.archiveLocation())
    }

    /// What is found in a store, at least one server.
    func load(from objects: any ObjectStore) async throws -> BucketCatalog {
        let location = try store.archiveLocation()
        let progress = output.progressLine
        let loader = CatalogLoader(store: objects, concurrency: store.concurrency) { progress.show($0.text) }
        defer { progress.finish() }
        let catalog = try await loader.load(location)
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

    /// Prints some sections of a report.
    func print(_ report: AuditReport, _ sections: Set<ReportSection>) throws {
        guard Terminal.write(try output.format.render(report, sections: sections), to: .output) else {
            throw Refusal(
                status: .couldNotLook,
                code: "output",
                message: "the report could not be written to standard output",
                hint: "is the disk full?"
            )
        }
    }
}
