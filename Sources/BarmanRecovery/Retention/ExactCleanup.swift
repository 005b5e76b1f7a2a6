internal import BarmanCatalog
internal import PostgresWAL

/// The WAL that no kept backup needs on any way, as far as that is certain.
struct ExactCleanup {
    let analysis: RecoveryAnalysis
    let report: RetentionReport
    let decisions: [RetentionPlan.Decision]
    let activity: BackupActivity
    let inclusions: RetentionPlan.Inclusions

    private var catalog: BackupCatalog { analysis.catalog }

    /// What goes and what stays; a refusal where the newest timeline would be lost.
    func cleanup() -> (WALCleanup, RetentionRefusal?) {
        let routes = RouteFinder(catalog: catalog)
        // What recoveries to anywhere need; what backups need that are kept for themselves alone comes behind.
        var needs = WALNeeds(routes)
        var alone: [BackupAssessment] = []
        var unknown: BackupID?
        for (index, row) in report.rows.enumerated() where decisions[index].action == .keep {
            if row.backup.details == nil, activity.mayBeUnderWay(row.backup) {
                // It may become a finished backup, but does not say yet where it began.
                unknown = unknown ?? row.backup.id
            } else if row.status == .keepStandalone, !row.isWanted {
                alone.append(analysis.assessments[index])
            } else {
                needs.add(analysis.assessments[index], standalone: false)
            }
        }
        let newest = unreachedHead(needs, routes)
        var refusal: RetentionRefusal?
        if case .lost(let timeline)? = newest { refusal = .newestTimelineWouldGo(timeline) }
        for assessment in alone { needs.add(assessment, standalone: true) }
        if let unknown = unknown ?? needs.unknown { return (held(.needUnknown(unknown)), refusal) }
        // A snapshot of a standby, as CloudNativePG takes them, leaves no label that would tell of it.
        guard !needs.segments.isEmpty, hasFinishedBackup else { return (held(.noBackup), refusal) }
        if !inclusions.contains(.elsewhere) {
            for backup in catalog.elsewhere { needs.add(backup) }
        }
        var uncertain = Set(routes.tree.nodes.filter { !$0.hasKnownPast }.map(\.timeline))
        if case .notReached(let timeline)? = newest { uncertain.insert(timeline) }
        return (cleanup(needs, uncertain, routes), refusal)
    }

    /// Whether a finished backup stays.
    private var hasFinishedBackup: Bool {
        report.rows.indices.contains { index in
            decisions[index].action == .keep && report.rows[index].backup.details?.status == .done
        }
    }

    private func cleanup(_ needs: WALNeeds, _ uncertain: Set<TimelineID>, _ routes: RouteFinder) -> WALCleanup {
        let last = catalog.wal.lastNumbers
        // WAL that no backup here could use even before the plan is older than all of them: whose it is nobody knows.
        var served = WALNeeds(routes)
        for assessment in analysis.assessments { served.add(assessment, standalone: false) }
        var deletable = SegmentSet()
        // A timeline that nothing but odd files names has no place in the tree.
        for (timeline, last) in last where !uncertain.contains(timeline) && routes.tree[timeline] != nil {
            for range in needs.segments.missing(from: 0...last, of: timeline) {
                let parts =
                    inclusions.contains(.orphans) ? [range] : served.segments.common(with: range, of: timeline)
                for part in parts { deletable.insert(timeline, part) }
            }
        }
        var cleanup = WALCleanup(deleting: deletable, of: catalog.wal)
        cleanup.uncertain = uncertain.intersection(last.keys).sorted()
        return cleanup
    }

    private func held(_ hold: WALCleanup.Hold) -> WALCleanup {
        WALCleanup(keepingAllOf: catalog.wal, hold: hold)
    }

    /// What is wrong with the timeline that was archived last.
    private enum UnreachedHead {
        /// A backup reaches it now, and none would any more.
        case lost(TimelineID)
        /// No backup reaches it yet.
        case notReached(TimelineID)
    }

    /// The timeline that was archived last, where `needs`, those of the backups that stay, have nothing of it.
    private func unreachedHead(_ needs: WALNeeds, _ routes: RouteFinder) -> UnreachedHead? {
        guard let newest = catalog.wal.head?.timeline, needs.segments.ranges(of: newest).isEmpty else { return nil }
        var all = WALNeeds(routes)
        for assessment in analysis.assessments { all.add(assessment, standalone: false) }
        return all.segments.ranges(of: newest).isEmpty ? .notReached(newest) : .lost(newest)
    }
}
