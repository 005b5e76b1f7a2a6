internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports a server that cannot be restored at all, or only to a time that is too long ago.
struct CoverageCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        absent(subject) + backupAge(subject) + archiveAge(subject)
    }

    private func absent(_ subject: AuditSubject) -> [Finding] {
        let hasBackup = subject.catalog.backups.contains { $0.details?.status == .done }
        let hasWAL = subject.catalog.wal.segmentCount > 0
        if !hasBackup, hasWAL || !subject.catalog.backups.isEmpty {
            return [
                Finding(
                    .noBackup,
                    .error,
                    "\(counted(subject.catalog.wal.segmentCount, "WAL segment")), but no backup of status DONE",
                    hint: "WAL alone restores nothing: take a base backup now"
                )
            ]
        }
        if hasBackup, !hasWAL {
            return [
                Finding(
                    .noWAL,
                    .error,
                    "\(counted(subject.catalog.backups.count, "backup")), but no WAL segment at all",
                    hint: "no backup is consistent without its WAL: check the archiver, and the serverName it writes to"
                )
            ]
        }
        return []
    }

    private func backupAge(_ subject: AuditSubject) -> [Finding] {
        guard let limit = subject.options.maxBackupAge else { return [] }
        let times = subject.catalog.backups.compactMap { $0.details?.status == .done ? $0.details?.endTime : nil }
        guard let newest = times.max() else {
            return [
                Finding(
                    .backupTooOld,
                    .error,
                    "no backup of status DONE says when it ended",
                    hint: "take a base backup now"
                )
            ]
        }
        let age = subject.options.now.seconds(since: newest)
        guard age > limit || age < -subject.options.grace else { return [] }
        return [
            Finding(
                .backupTooOld,
                .error,
                "the newest backup of status DONE ended \(subject.age(of: newest)), at \(newest); "
                    + "at most \(duration(limit)) wanted",
                hint: "look at the ScheduledBackup and at the last failed Backup"
            )
        ]
    }

    private func archiveAge(_ subject: AuditSubject) -> [Finding] {
        guard let limit = subject.options.maxArchiveAge else { return [] }
        guard let head = subject.catalog.wal.head else {
            return [Finding(.archiveStale, .error, "no WAL segment at all", hint: "look at the archiver")]
        }
        let age = subject.options.now.seconds(since: head.lastModified)
        guard age > limit || age < -subject.options.grace else { return [] }
        let name = head.lastName(size: subject.size)
        return [
            Finding(
                .archiveStale,
                .error,
                "the newest WAL segment, \(name), was stored \(subject.age(of: head.lastModified)); at most \(duration(limit)) wanted",
                hint: "look at pg_stat_archiver on the primary; an idle server archives only with archive_timeout"
            )
        ]
    }
}
