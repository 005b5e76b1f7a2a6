internal import BarmanCatalog
internal import PostgresWAL

/// Which backups the exact plan deletes: those that the policy gives up and nothing speaks for.
struct BackupChoice {
    let activity: BackupActivity
    let inclusions: RetentionPlan.Inclusions

    /// What becomes of each backup.
    func decisions(on report: RetentionReport) -> [RetentionPlan.Decision] {
        var decisions = report.rows.map(decision)
        // A kept incremental backup is worthless without those that it builds on.
        let indices = Dictionary(decisions.indices.map { (decisions[$0].backup, $0) }) { first, _ in first }
        var kept = decisions.indices.filter { decisions[$0].action == .keep }
        while let child = kept.popLast() {
            guard let parent = report.rows[child].backup.details?.parentBackupID,
                let index = indices[BackupID(parent)], decisions[index].action == .delete
            else { continue }
            decisions[index].action = .keep
            decisions[index].reasons.append(.parent(of: decisions[child].backup))
            kept.append(index)
        }
        return decisions
    }

    private func decision(on row: RetentionReport.Row) -> RetentionPlan.Decision {
        var decision = RetentionPlan.Decision(
            backup: row.backup.id,
            status: row.status,
            action: .keep,
            reasons: [row.reason]
        )
        switch row.status {
        case .obsolete:
            let vetoes = vetoes(against: row.backup)
            decision.reasons += vetoes
            decision.action = vetoes.isEmpty ? .delete : .keep
        case .none:
            decide(on: row.backup, &decision)
        case .valid, .potentiallyObsolete, .keepFull, .keepStandalone:
            break
        }
        return decision
    }

    /// What no policy is about goes only if that was asked for.
    private func decide(on backup: BaseBackup, _ decision: inout RetentionPlan.Decision) {
        let isFailed = backup.details?.status == .failed
        let isUnfinished = backup.details.map(\.isUnfinished) ?? !backup.isUnreadable
        if isUnfinished, activity.mayBeUnderWay(backup) {
            decision.reasons.append(.mayBeUnderWay)
        } else if isFailed && inclusions.contains(.failed) || isUnfinished && inclusions.contains(.unfinished) {
            let vetoes = vetoes(against: backup)
            decision.reasons += vetoes.isEmpty ? [isFailed ? .failed : .neverFinished] : vetoes
            decision.action = vetoes.isEmpty ? .delete : .keep
        }
    }

    /// What speaks for a backup that would go.
    private func vetoes(against backup: BaseBackup) -> [RetentionReason] {
        var vetoes: [RetentionReason] = []
        // One that is seen keeps a finished backup already; a failed one keeps it here.
        if let keep = backup.keeps.first(where: { $0.kind != .empty }) {
            vetoes.append(keep.isSeen ? .annotated(keep.kind) : .annotationNotSeen)
        }
        if backup.details?.isSnapshot == true { vetoes.append(.snapshot) }
        if backup.details?.hasChildren == true { vetoes.append(.hasChildren) }
        if let fields = backup.details?.unknownFields, !fields.isEmpty { vetoes.append(.unknownFields(fields)) }
        return vetoes
    }
}

extension BackupInfo {
    /// Whether it says that the backup has begun and not that it has ended.
    ///
    /// One without a status that tells of an end is a file that was cut off: what it is about may be whole.
    fileprivate var isUnfinished: Bool {
        switch status {
        case .started: true
        case .empty: !tellsOfEnd
        default: false
        }
    }
}

/// Which unfinished backups may still be running.
struct BackupActivity {
    private let newestFinished: BackupID?
    private let now: TimestampTZ

    init(in catalog: BackupCatalog, at now: TimestampTZ) {
        newestFinished = catalog.backups.filter { $0.details?.status == .done }.map(\.id).max()
        self.now = now
    }

    /// Whether an unfinished backup may still be running.
    ///
    /// Not if nothing was written into its directory for a day and a finished backup is newer: a tar of 100 GB, of
    /// whose upload nothing shows in a listing, may take many hours, but backups are taken one after the other.
    func mayBeUnderWay(_ backup: BaseBackup) -> Bool {
        guard backup.lastModified.adding(microseconds: 86_400_000_000) <= now else { return true }
        return newestFinished.map { $0 < backup.id } ?? true
    }
}
