internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports WAL that was opened and cannot be used, and backups that need it.
///
/// Only the objects that decide where a window ends are opened: that nothing is reported here says nothing of others.
struct WALContentCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        subject.analysis.damage.filter { !isListed($0, subject) }.map { Finding(on: $0) }
            + subject.analysis.assessments.flatMap(lost)
            + (subject.analysis.unreadable.map { [unreadable($0)] } ?? [])
    }

    /// Whether the listing showed the damage already, by the size of the object.
    private func isListed(_ damage: WALDamage, _ subject: AuditSubject) -> Bool {
        guard damage.isFatal else { return false }
        return [subject.catalog.wal.empty, subject.catalog.wal.wrongSize].joined().contains {
            $0.timeline == damage.segment.timeline && $0.segments.contains(damage.number)
        }
    }

    private func lost(_ assessment: BackupAssessment) -> [Finding] {
        assessment.damagedWAL.map { damage in
            var finding = Finding(
                .walDamaged,
                .error,
                "backup \(assessment.backup.id) cannot be restored: WAL between its begin and its end is damaged: "
                    + "\(damage.segment)",
                hint: "do not count on this backup; take another one"
            ).about(assessment.backup.id)
            finding.timeline = damage.segment.timeline
            finding.segment = damage.segment
            finding.lastSegment = damage.segment
            return finding
        }
    }

    private func unreadable(_ error: WALError) -> Finding {
        Finding(
            .walUnreadable,
            .warning,
            "the WAL cannot be judged: \(error)",
            hint: "its windows are those of the names, an upper bound"
        )
    }
}
