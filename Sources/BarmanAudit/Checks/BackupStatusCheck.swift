internal import ObjectStorage
internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports backups that failed, did not end, or cannot be read.
///
/// Retention never deletes a failed or unfinished backup, and one `backup.info` that Barman cannot read blocks
/// retention for the whole server.
struct BackupStatusCheck: AuditCheck {
    // Nobody's base backup takes longer without something being wrong.
    private static let longestBackup: Double = 86_400

    func findings(in subject: AuditSubject) -> [Finding] {
        subject.analysis.assessments.flatMap { assessment -> [Finding] in
            let backup = assessment.backup
            return switch backup.info {
            case .unreadable(let reason): [unreadable(backup, reason)]
            // ReadingCheck reports it.
            case .refused: []
            case .missing: [unfinished(backup, "has data but no backup.info", since: backup.lastModified, subject)]
            case .read(let details): status(of: assessment, details, subject) + unknownFields(of: backup, details)
            }
        }
    }

    private func status(of assessment: BackupAssessment, _ details: BackupInfo, _ subject: AuditSubject) -> [Finding] {
        let backup = assessment.backup
        switch details.status {
        case .done where assessment.extent != nil: return []
        case .done:
            return [
                Finding(
                    .backupUnreadable,
                    .error,
                    "backup \(backup.id) is DONE but its backup.info does not say where it begins and ends: "
                        + "begin_wal, end_wal, begin_xlog and a greater end_xlog are needed",
                    hint: "do not count on this backup; take another one"
                ).about(backup.id)
            ]
        case .failed:
            let reason = details.error.map { ": \(printable(String($0.prefix(200))))" } ?? ""
            return [
                Finding(
                    .backupFailed,
                    .warning,
                    "backup \(backup.id) failed\(reason)",
                    hint: "retention never deletes it; delete it by its id when it is understood"
                ).about(backup.id)
            ]
        case .empty where details.tellsOfEnd:
            return [
                Finding(
                    .backupUnfinished,
                    .warning,
                    "backup.info of \(backup.id) has no status, though it tells of an end: it was cut off",
                    hint: "the backup may be whole, but Barman does not count it; retention never deletes it or its WAL"
                ).about(backup.id)
            ]
        case .started, .empty, .waitingForWALs, .syncing, .other:
            let since = details.beginTime ?? backup.lastModified
            return [unfinished(backup, "has status \(printable(details.status.description))", since: since, subject)]
        }
    }

    private func unfinished(
        _ backup: BaseBackup,
        _ what: String,
        since: TimestampTZ,
        _ subject: AuditSubject
    ) -> Finding {
        let age = subject.options.now.seconds(since: since)
        let isOld = age > Self.longestBackup
        return Finding(
            .backupUnfinished,
            isOld ? .warning : .info,
            "backup \(backup.id) \(what), \(duration(age)) after it began",
            hint: isOld
                ? "it was aborted; retention never deletes it, and its WAL stays with it"
                : "it may still be running; audit again later"
        ).about(backup.id)
    }

    private func unreadable(_ backup: BaseBackup, _ reason: String) -> Finding {
        Finding(
            .backupUnreadable,
            .error,
            "backup.info of \(backup.id) cannot be read: \(reason)",
            hint: "Barman deletes nothing for this server until it is repaired or removed; a store that keeps "
                + "chunk framing in the object needs AWS_REQUEST_CHECKSUM_CALCULATION=when_required"
        ).about(backup.id)
    }

    private func unknownFields(of backup: BaseBackup, _ details: BackupInfo) -> [Finding] {
        guard !details.unknownFields.isEmpty else { return [] }
        let fields = details.unknownFields.prefix(5).map { printable(String($0.prefix(60))) }.joined(separator: ", ")
        return [
            Finding(
                .backupUnknownField,
                .warning,
                "backup.info of \(backup.id) has fields that Barman 3.19 does not know: \(fields)",
                hint: "every barman-cloud command aborts on such a file; use the Barman that wrote it, or a newer one"
            ).about(backup.id)
        ]
    }
}
