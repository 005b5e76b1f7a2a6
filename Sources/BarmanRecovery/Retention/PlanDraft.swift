internal import BarmanCatalog
internal import PostgresWAL

/// A plan before the proof that nothing is lost.
struct PlanDraft {
    let decisions: [RetentionPlan.Decision]
    let wal: WALCleanup
    let rule: DeletionRule
    let refusals: [RetentionRefusal]

    /// The draft of ``RetentionPlan/Semantics/exact``; one that is refused says what it would delete all the same.
    init(
        exactly analysis: RecoveryAnalysis,
        _ report: RetentionReport,
        at now: TimestampTZ,
        including inclusions: RetentionPlan.Inclusions
    ) {
        let catalog = analysis.catalog
        let activity = BackupActivity(in: catalog, at: now)
        decisions = BackupChoice(activity: activity, inclusions: inclusions).decisions(on: report)
        let safety = PlanSafety(analysis: analysis, decisions: decisions)
        let (cleanup, refusal) = ExactCleanup(
            analysis: analysis,
            report: report,
            decisions: decisions,
            activity: activity,
            inclusions: inclusions
        ).cleanup()
        refusals = safety.refusals(needingReadableBackups: true) + [refusal].compactMap { $0 }
        wal = cleanup
        rule = .exact(ExactRule(catalog: catalog, decisions: decisions, cleanup.segments, inclusions))
    }

    /// The draft of ``RetentionPlan/Semantics/barman``; it says what Barman deletes even where it is refused.
    init(asBarman analysis: RecoveryAnalysis, _ report: RetentionReport) {
        let catalog = analysis.catalog
        let run = BarmanRun(catalog: catalog, report: report)
        let gone = Set(run.steps.map(\.backup))
        decisions = report.rows.map { row in
            RetentionPlan.Decision(
                backup: row.backup.id,
                status: row.status,
                action: gone.contains(row.backup.id) ? .delete : .keep,
                reasons: [row.reason]
            )
        }
        wal = WALCleanup(deleting: run.segments(of: catalog.wal), of: catalog.wal)
        rule = .barman(run)
        let safety = PlanSafety(analysis: analysis, decisions: decisions)
        let areNamesKnown =
            catalog.walTwins.isComplete && catalog.backups.allSatisfy { $0.hasAllNames || !gone.contains($0.id) }
        refusals =
            safety.refusals(needingReadableBackups: false)
            + (run.stop.map { [.barmanWouldStop($0)] } ?? [])
            + (areNamesKnown ? [] : [.tooManyOddNames])
    }
}

/// What speaks against deleting anything, whatever the WAL says.
struct PlanSafety {
    let analysis: RecoveryAnalysis
    let decisions: [RetentionPlan.Decision]

    private var catalog: BackupCatalog { analysis.catalog }

    /// The refusals; a plan that follows Barman says itself what an unreadable backup means.
    func refusals(needingReadableBackups: Bool) -> [RetentionRefusal] {
        var refusals: [RetentionRefusal] = []
        if let key = catalog.barmanServerHome { refusals.append(.barmanServerHome(key)) }
        if !catalog.suspicions.isEmpty { refusals.append(.listingSuspect(catalog.suspicions)) }
        if needingReadableBackups {
            refusals += catalog.backups.filter(\.isUnreadable).map { .unreadableBackup($0.id) }
        }
        let systems = Set(catalog.backups.compactMap(\.details?.systemIdentifier))
        if systems.count > 1 { refusals.append(.severalSystems(systems.sorted())) }
        return refusals + backupsThatMustStay()
    }

    private func backupsThatMustStay() -> [RetentionRefusal] {
        let gone = Set(decisions.filter { $0.action == .delete }.map(\.backup))
        guard !gone.isEmpty else { return [] }
        let done = catalog.backups.filter { $0.details?.status == .done }
        // By id, as Barman orders, and by time, in which that may be wrong.
        let newest = [
            done.max { $0.id < $1.id },
            done.filter { $0.details?.endTime != nil }.max { ($0.endTime, $0.id) < ($1.endTime, $1.id) },
        ].compactMap { $0?.id }
        var refusals: [RetentionRefusal] = []
        for id in newest where gone.contains(id) && !refusals.contains(.newestBackupWouldGo(id)) {
            refusals.append(.newestBackupWouldGo(id))
        }
        let certainties = analysis.assessments.filter { $0.backup.details?.status == .done }
            .map { ($0.backup.id, $0.isRestorable.certainty) }
        let best = certainties.filter { !gone.contains($0.0) }.map(\.1).max() ?? 0
        if let better = certainties.filter({ gone.contains($0.0) && $0.1 > best }).max(by: { $0.1 <= $1.1 }) {
            refusals.append(.restorableBackupWouldGo(better.0))
        }
        return refusals
    }
}

extension BaseBackup {
    fileprivate var endTime: TimestampTZ { details?.endTime ?? TimestampTZ(rawValue: .min) }
}

extension Bool? {
    /// How sure a yes is: 2 for yes, 1 where it is not known, 0 for no.
    fileprivate var certainty: Int {
        switch self {
        case true: 2
        case nil: 1
        case false: 0
        }
    }
}
