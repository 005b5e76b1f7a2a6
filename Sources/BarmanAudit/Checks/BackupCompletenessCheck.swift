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
            return data(of: assessment.backup) + wal(of: assessment, subject)
        }
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
            + data.uncertain.map { last in
                Finding(
                    .backupDataUncertain,
                    .info,
                    "backup \(backup.id) is split and its last part, \(last), is not its smallest: "
                        + "another part may have followed",
                    hint: "a listing cannot tell; compare with the log of the backup, or restore it for a test"
                ).about(backup.id)
            }
    }

    // Of a backup that lacks more, nobody reads more.
    private static let mostNamed = 20
}
