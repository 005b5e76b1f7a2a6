import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage

/// Deletes what plans say: looks at all servers, deletes server by server, and looks at all of them again.
struct Applier {
    let store: any DeletableObjectStore
    /// Throws where something still speaks against the deletion, when all servers have been looked at.
    let lastCheck: @Sendable () throws -> Void
    let log: DeletionLog?
    let progress: ProgressLine

    func apply(_ report: PlanReport, to catalog: BucketCatalog) async throws -> DeletionReport {
        defer { progress.finish() }
        if let refusal = Refusal(of: report) { throw refusal }
        var done = DeletionReport(digest: report.digest)
        let count = DeletionCount(of: report.servers.reduce(0) { $0 + $1.objects }, progress)
        let pruner = ArchivePruner(
            store: store,
            asking: { object in
                // What is not asked for any more shall not be in the log as if it were.
                if Interruption.signal != nil { throw ObjectStoreError(.cancelled, "interrupted") }
                try log?.write(asking: object)
                count.ask()
            },
            report: { event in
                count.answer()
                try log?.write(event)
            }
        )
        do {
            var prepared: [(server: PlanReport.Server, state: ArchivePruner.Prepared)] = []
            for (server, catalog) in zip(report.servers, catalog.servers) {
                let state = try await pruner.prepare(
                    catalog,
                    expecting: server.total,
                    choice: server.choice,
                    choosing: server.turn
                )
                prepared.append((server, state))
            }
            try lastCheck()
            var tallies: [ArchivePruner.Tally?] = prepared.map { _ in nil }
            for (index, (server, state)) in prepared.enumerated() where server.objects > 0 {
                let tally = try await pruner.carryOut(state, choosing: server.turn)
                tallies[index] = tally
                if tally.failed > 0 { break }
            }
            try log?.finish()
            guard tallies.contains(where: { $0 != nil }) else { return done }
            for (index, (server, state)) in prepared.enumerated() {
                // One that was not come to has lost nothing by this deletion, but perhaps by a store that does more.
                var tally = tallies[index] ?? ArchivePruner.Tally()
                try await pruner.verify(state, choosing: server.turn, &tally)
                guard tallies[index] != nil || !tally.losses.isEmpty else { continue }
                done.servers.append(.init(prefix: server.prefix, planned: server.objects, tally: tally))
            }
        } catch {
            throw Self.interruption(error, count)
        }
        return done
    }

    /// The error with how far it had come.
    private static func interruption(_ error: any Error, _ count: DeletionCount) -> any Error {
        let (code, message, hint): (String, String, String?)
        // What is found before anything was done is a refusal.
        var status = ExitStatus.couldNotLook
        switch error {
        case let error as ChoiceChanged:
            (code, message, hint) = ("planStale", error.description, "look at the plan again with retention plan")
            if count.isUntouched { status = .refused }
        case let error as DeletionRefused:
            let refusal = Refusal(of: error)
            if count.isUntouched { return refusal }
            (code, message, hint) = (refusal.code, refusal.message, nil)
        case let error as ObjectStoreError where error.code == .inconsistentListing && count.isUntouched:
            (code, message, hint) = ("listingSuspect", error.message, error.hint)
            status = .refused
        case let error as ObjectStoreError where error.code == .cancelled && Interruption.exitStatus != nil:
            status = Interruption.exitStatus ?? status
            let word = status == .terminated ? "terminated" : "interrupted"
            (code, message, hint) = ("interrupted", "\(word): what was deleted stays deleted", nil)
        case let error as ObjectStoreError: (code, message, hint) = (error.code.rawValue, error.message, error.hint)
        case let error as Refusal where count.isUntouched && error.status == .refused: return error
        case let error as Refusal: (code, message, hint) = (error.code, error.message, error.hint)
        default: return error
        }
        let whatNow = count.isUntouched ? nil : "audit the archive, and run it again to go on"
        return Refusal(
            status: status,
            code: code,
            message: "\(message); \(count.interruption)",
            hint: [hint, whatNow].compactMap { $0 }.joined(separator: "; ")
        )
    }
}

extension PlanReport.Server {
    /// When an object's turn to be deleted is, nil for one that stays.
    fileprivate var turn: (ArchiveEntry) -> DeletionTurn? {
        { entry in plan.protects(entry) ? nil : plan.deletion(of: entry)?.turn }
    }
}
