internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports what a finished backup lacks: WAL between its begin and its end, or tars.
///
/// Without all of them the backup cannot be restored, though its status is DONE: Barman's cloud tools do not look.
struct BackupCompletenessCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        subject.analysis.assessments.flatMap { assessment -> [Finding] in
            guard assessment.backup.details?.isComplete == true else { return [] }
            // Without a way through it nobody can say which WAL it would need.
            let hasWay = !assessment.routes.isEmpty
            return data(of: assessment.backup) + way(of: assessment) + (hasWay ? wal(of: assessment, subject) : [])
        }
    }

    /// Whether PostgreSQL would begin a recovery of it at all, and what is needed beside it.
    private func way(of assessment: BackupAssessment) -> [Finding] {
        let id = assessment.backup.id
        if assessment.extent != nil, assessment.routes.isEmpty {
            return [
                Finding(
                    .backupNotOnTimeline,
                    .error,
                    "backup \(id) cannot be restored: no timeline that a recovery could follow comes through it",
                    hint: "the history files do not lead through its begin and its end, or one is missing; take another"
                ).about(id)
            ]
        }
        if assessment.lacksParent {
            return [
                Finding(
                    .backupDataMissing,
                    .error,
                    "backup \(id) cannot be restored: it is incremental, and the backup that it builds on is not there",
                    hint: "do not count on this backup; take another one"
                ).about(id)
            ]
        }
        let isElsewhere = assessment.backup.data.isElsewhere
        guard isElsewhere || assessment.backup.details?.parentBackupID != nil else { return [] }
        return [
            Finding(
                .backupDataUncertain,
                .info,
                "backup \(id) is \(isElsewhere ? "a volume snapshot" : "incremental"): its data cannot be judged here",
                hint: "restore it for a test"
            ).about(id)
        ]
    }

    private func wal(of assessment: BackupAssessment, _ subject: AuditSubject) -> [Finding] {
        let id = assessment.backup.id
        let isYoung = assessment.backup.details?.endTime.map(subject.isYoung) ?? false
        return assessment.missingWAL.map { missing in
            let names = span(missing.timeline, missing.segments, size: subject.size)
            let finding: Finding
            if missing.isBehindHead, isYoung {
                finding = Finding(
                    .backupWALPending,
                    .info,
                    "backup \(id) waits for WAL that is not archived yet: \(names)",
                    hint: "a backup of a standby does not wait for its last segment; audit again later"
                )
            } else {
                finding = Finding(
                    .walGapInBackup,
                    .error,
                    "backup \(id) cannot be restored: WAL between its begin and its end is missing: \(names)",
                    hint: "do not count on this backup; take another one"
                )
            }
            return finding.about(id).about(missing.timeline, missing.segments, size: subject.size)
        }
    }

    private func data(of backup: BaseBackup) -> [Finding] {
        let data = backup.data
        let lost =
            data.missing.map { ("\($0) is missing", $0) } + data.empty.map { ("\($0) has zero bytes", $0) }
        return lost.prefix(Self.mostNamed).map { what, _ in
            Finding(
                .backupDataMissing,
                .error,
                "backup \(backup.id) cannot be restored: \(what)",
                hint: "do not count on this backup; take another one"
            ).about(backup.id)
        }
            + strays(of: backup, data)
            + unknownTablespaces(of: backup, data)
            + data.uncertain.map { last in
                Finding(
                    .backupDataUncertain,
                    .info,
                    "backup \(backup.id) is split and \(last) is about as large as a full part: another may have followed",
                    hint: "a listing cannot tell; compare with the log of the backup, or restore it for a test"
                ).about(backup.id)
            }
    }

    private func strays(of backup: BaseBackup, _ data: BackupData) -> [Finding] {
        guard data.strayParts > 0 else { return [] }
        return [
            Finding(
                .backupDataUncertain,
                .warning,
                "\(counted(data.strayParts, "object")) of backup \(backup.id) that Barman would take for parts of a tar",
                hint: "a restore may fail on them; remove what no backup has written"
            ).about(backup.id)
        ]
    }

    private func unknownTablespaces(of backup: BaseBackup, _ data: BackupData) -> [Finding] {
        guard data.areTablespacesUnknown else { return [] }
        return [
            Finding(
                .backupDataUncertain,
                .warning,
                "backup.info of \(backup.id) does not say what tablespaces there are, as Barman always does: it was cut off",
                hint: "a tar may be missing, and nobody can tell; restore the backup for a test, or take another one"
            ).about(backup.id)
        ]
    }

    // Of a backup that lacks more, nobody reads more.
    private static let mostNamed = 20
}
