public import BarmanCatalog
internal import PostgresWAL

/// Who picks the backup to restore.
public enum BackupSelection: Hashable, Sendable {
    /// CloudNativePG (`FindBackupInfo`).
    case cnpg
    /// `barman-cloud-restore … auto`, 3.19.
    case barman
    /// The newest from which the target can be reached.
    case any
    /// The user, by its id.
    case explicit(BackupID)
}

/// Picks backups as CloudNativePG and Barman do.
struct BackupChooser {
    let assessments: [BackupAssessment]
    let target: RecoveryTarget

    /// The backups to try, best first; more than one only for ``BackupSelection/any``.
    func candidates(_ selection: BackupSelection) -> [BackupAssessment] {
        switch selection {
        case .explicit(let id): assessments.filter { $0.backup.id == id }
        case .cnpg: ofCloudNativePG.map { [$0] } ?? []
        case .barman: ofBarman.map { [$0] } ?? []
        case .any: assessments.filter { $0.extent != nil && isEarlyEnough($0) }.reversed()
        }
    }

    /// The newest one that has both times, whatever its status, that matches the timeline text and ended in time.
    private var ofCloudNativePG: BackupAssessment? {
        let done = assessments.filter { $0.backup.details?.beginTime != nil && $0.backup.details?.endTime != nil }
        let sorted = done.sorted { left, right in
            guard let begin = left.backup.details?.beginTime, let end = right.backup.details?.endTime else {
                return false
            }
            return begin < end && left.backup.id != right.backup.id
        }
        return sorted.last { assessment in
            switch target.timeline {
            case .latest: break
            case .current: return false
            case .number(let timeline): guard assessment.backup.details?.timeline == timeline else { return false }
            }
            switch target.kind {
            case .time(let time): return assessment.backup.details?.endTime.map { $0 <= time } ?? false
            case .lsn(let lsn): return assessment.backup.details?.endLSN.map { $0 < lsn } ?? false
            case .xid, .name, .immediate, .latest: return true
            }
        }
    }

    /// The last one by id that is readable and not STARTED, on exactly the timeline, and ended in time.
    private var ofBarman: BackupAssessment? {
        assessments.last { assessment in
            guard let details = assessment.backup.details, details.status != .started else { return false }
            if case .number(let timeline) = target.timeline, details.timeline != timeline { return false }
            switch target.kind {
            case .time(let time): return details.endTime.map { $0 <= time } ?? false
            case .lsn(let lsn): return details.endLSN.map { $0 <= lsn } ?? false
            case .xid, .name, .immediate, .latest: return true
            }
        }
    }

    private func isEarlyEnough(_ assessment: BackupAssessment) -> Bool {
        guard case .time(let time) = target.kind else { return true }
        return assessment.backup.details?.endTime.map { $0 <= time } ?? true
    }
}
