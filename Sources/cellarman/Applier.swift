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
        var answered = 0
        for (server, catalog) in zip(report.servers, catalog.servers) where server.objects > 0 {
            let count = DeletionCount(of: server.objects, progress)
            let pruner = ArchivePruner(store: store) { event in
                count.add()
                try log?.write(event)
            }
            do {
                let tally = try await pruner.prune(catalog) { entry in
                    server.plan.protects(entry) ? nil : server.plan.deletion(of: entry)?.turn
                }
                done.servers.append(DeletionReport.Server(prefix: server.prefix, planned: server.objects, tally: tally))
                if tally.failed > 0 { break }
            } catch {
                throw Self.interruption(error, behind: answered + count.value)
            }
            answered += count.value
        }
        try log?.close()
        return done
    }

    /// The error with how far it had come, which is the first that anybody wants to know.
    private static func interruption(_ error: any Error, behind count: Int) -> any Error {
        let (code, message, hint): (String, String, String?)
        switch error {
        case let error as ObjectStoreError: (code, message, hint) = (error.code.rawValue, error.message, error.hint)
        case let error as Refusal: (code, message, hint) = (error.code, error.message, error.hint)
        default: return error
        }
        let progress = count == 0 ? "nothing was deleted" : "\(count) objects were dealt with before, the rest was left"
        return Refusal(
            status: .couldNotLook,
            code: code,
            message: "\(message); \(progress)",
            hint: [hint, "what stays is whole: run it again to go on"].compactMap { $0 }.joined(separator: "; ")
        )
    }
}
