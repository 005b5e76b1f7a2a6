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
        } + missingNumbers(subject) + abandoned(subject) + latest(subject)
    }

    /// Numbers without a history file below a younger one: `latest` stops before them without a word.
    private func missingNumbers(_ subject: AuditSubject) -> [Finding] {
        let backups = subject.analysis.assessments.filter { $0.backup.details?.status == .done }
        guard var known = backups.compactMap(\.extent?.beginTimeline).min() else { return [] }
        var findings: [Finding] = []
        for node in subject.analysis.tree.nodes where node.timeline > known {
            guard node.state == .present || node.state == .invalid else { continue }
            if let missing = known.next, missing < node.timeline, subject.catalog.wal.runs(of: missing).isEmpty {
                findings.append(
                    Finding(
                        .historyMissing,
                        .error,
                        "history file \(missing.historyFileName) is not archived, that of timeline \(node.timeline) is",
                        hint: "latest stops at the first number without one, so it never comes to timeline "
                            + "\(node.timeline); copy the file from pg_wal of an instance"
                    ).about(missing)
                )
            }
            known = node.timeline
        }
        return findings
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
            // ReadingCheck reports it.
            if case .refused? = subject.catalog.histories[node.timeline] { return [] }
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
        return before(fork: node, subject) + [
            Finding(
                .timelineWithoutWAL,
                .warning,
                "timeline \(node.timeline) has a history file, but no WAL yet",
                hint: "right after a promotion this is normal; until its first segment comes, latest goes on with the "
                    + "parent's WAL past the fork"
            ).about(node.timeline)
        ]
    }

    /// The fork proves that its parent had WAL up to there, whether or not any of the child's is there to follow it.
    private func before(fork node: TimelineTree.Node, _ subject: AuditSubject) -> [Finding] {
        guard let origin = node.origin, let last = subject.catalog.wal.runs(of: origin.timeline).last else { return [] }
        let fork = subject.size.segmentNumber(of: origin.switchPoint)
        guard last.segments.upperBound < fork, last.segments.upperBound + 1 < fork, !subject.isYoung(last.lastModified)
        else { return [] }
        let lost = last.segments.upperBound + 1...fork - 1
        return [
            Finding(
                .walGap,
                .error,
                "\(counted(lost.count, "WAL segment")) missing on timeline \(origin.timeline) before timeline "
                    + "\(node.timeline) left it: \(span(origin.timeline, lost, size: subject.size))",
                hint: "look for the files in pg_wal of the instances, the old primary's first"
            ).about(origin.timeline, lost, size: subject.size)
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
            guard case .timeline(let newest)? = assessment.latest, !assessment.isOnLatest, !assessment.routes.isEmpty,
                let own = assessment.extent?.beginTimeline, own != newest
            else { return nil }
            // CloudNativePG restores the newest, whatever branch it is on.
            let isNewest = subject.analysis.assessments.last { $0.backup.details?.status == .done } == assessment
            return Finding(
                .latestNotReachable,
                isNewest ? .error : .warning,
                "backup \(assessment.backup.id) on timeline \(own) is not on the way to timeline \(newest), "
                    + "which latest means for it",
                hint: "a restore of it fails unless it asks for timeline \(own); CloudNativePG may still choose it"
            ).about(assessment.backup.id).about(own)
        }
    }
}
