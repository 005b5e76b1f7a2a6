internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports timelines whose history a recovery would miss or choke on, and WAL that lies beside the way.
///
/// A restore to `latest`, which is the default, asks for one history file after the other and stops at the first
/// that is not there; one that is there and cannot be read ends it.
struct TimelineCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        subject.analysis.tree.nodes.flatMap { node in
            history(of: node, subject) + withoutWAL(node, subject)
        } + abandoned(subject) + latest(subject)
    }

    private func history(of node: TimelineTree.Node, _ subject: AuditSubject) -> [Finding] {
        let file = node.timeline.historyFileName
        switch node.state {
        case .present, .none:
            return []
        case .missing:
            guard !subject.catalog.wal.runs(of: node.timeline).isEmpty else { return [] }
            return [
                Finding(
                    .historyMissing,
                    .error,
                    "WAL of timeline \(node.timeline) is archived, its history file \(file) is not",
                    hint: "without it no backup of an older timeline can reach timeline \(node.timeline), and latest "
                        + "silently stops before it; copy the file from pg_wal of an instance"
                ).about(node.timeline)
            ]
        case .invalid:
            var reason = "it names no ancestor"
            if case .invalid(let why)? = subject.catalog.histories[node.timeline] { reason = why }
            return [
                Finding(
                    .historyInvalid,
                    .error,
                    "history file \(file) cannot be used: \(reason)",
                    hint: "every recovery to latest fails on it; replace it by the one in pg_wal of an instance"
                ).about(node.timeline)
            ]
        }
    }

    private func withoutWAL(_ node: TimelineTree.Node, _ subject: AuditSubject) -> [Finding] {
        guard node.state == .present, subject.catalog.wal.runs(of: node.timeline).isEmpty,
            subject.analysis.tree.children(of: node.timeline).isEmpty
        else { return [] }
        return [
            Finding(
                .timelineWithoutWAL,
                .warning,
                "timeline \(node.timeline) has a history file, but no WAL yet",
                hint: "right after a promotion this is normal; until its first segment comes, latest goes on with the "
                    + "parent's WAL past the fork"
            ).about(node.timeline)
        ]
    }

    private func abandoned(_ subject: AuditSubject) -> [Finding] {
        subject.analysis.abandoned.map { run in
            Finding(
                .timelineAbandoned,
                .info,
                "\(counted(run.count, "WAL segment")) of timeline \(run.timeline) behind the last fork from it: "
                    + span(run.timeline, run.segments, size: subject.size),
                hint: "the old primary went on writing; reachable only with recovery_target_timeline = \(run.timeline)"
            ).about(run.timeline, run.segments, size: subject.size)
        }
    }

    private func latest(_ subject: AuditSubject) -> [Finding] {
        subject.analysis.assessments.compactMap { assessment in
            guard case .timeline(let newest)? = assessment.latest, !assessment.isOnLatest,
                let own = assessment.extent?.beginTimeline, own != newest
            else { return nil }
            return Finding(
                .latestNotReachable,
                .warning,
                "backup \(assessment.backup.id) on timeline \(own) is not on the way to timeline \(newest), "
                    + "which latest means for it",
                hint: "a restore of it fails unless it asks for timeline \(own); CloudNativePG may still choose it"
            ).about(assessment.backup.id).about(own)
        }
    }
}
