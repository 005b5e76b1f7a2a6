import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage

/// Deletes what plans say, server by server.
struct Applier {
    let store: any DeletableObjectStore
    let log: DeletionLog?
    let progress: ProgressLine

    func apply(_ report: PlanReport, to catalog: BucketCatalog) async throws -> DeletionReport {
        defer { progress.finish() }
        var done = DeletionReport(digest: report.digest)
        for (server, catalog) in zip(report.servers, catalog.servers) where server.objects > 0 {
            let count = DeletionCount(of: server.objects, progress)
            let pruner = ArchivePruner(store: store) { event in
                log?.write(event)
                count.add()
            }
            let tally = try await pruner.prune(catalog) { server.plan.deletion(of: $0)?.turn }
            done.servers.append(DeletionReport.Server(prefix: server.prefix, planned: server.objects, tally: tally))
            if tally.failed > 0 { break }
        }
        try log?.close()
        return done
    }
}
