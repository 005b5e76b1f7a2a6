public import BarmanCatalog
internal import ObjectStorage
public import PostgresWAL

/// Why a plan keeps a backup, or deletes an object.
public enum RetentionReason: Hashable, Sendable {
    // What the policy says.

    /// It ended inside of the recovery window, which begins then.
    case insideWindow(TimestampTZ)
    /// It is the newest from before the window: recoveries to the begin of the window start from it.
    case startsWindow(TimestampTZ)
    /// It is older than what recoveries into the window, which begins then, start from.
    case beforeWindow(TimestampTZ)
    /// It is among the newest so many.
    case amongNewest(Int)
    /// It is not among the newest so many.
    case beyondNewest(Int)
    /// The minimum redundancy of so many keeps it.
    case minimumRedundancy(Int)
    /// An annotation keeps it.
    case annotated(KeepAnnotation.Kind)
    /// It is finished, but does not say when.
    case endTimeUnknown
    /// It has this status, which no policy is about.
    case status(BackupStatus)
    /// There is no `backup.info`, so that Barman ignores it.
    case noBackupInfo
    /// Its `backup.info` cannot be read.
    case backupInfoUnreadable
    /// It is incremental, which no policy is about.
    case incremental

    // Why it stays although the policy gives it up.

    /// An annotation would keep it, but lies under the key that Barman does not look at with this location.
    case annotationNotSeen
    /// Incremental backups build on it.
    case hasChildren
    /// This kept incremental backup builds on it.
    case parent(of: BackupID)
    /// Its data are volume snapshots outside of the bucket.
    case snapshot
    /// Its `backup.info` has fields that this program does not know.
    case unknownFields([String])
    /// It may still be under way.
    case mayBeUnderWay

    // What the policy does not know of one that stays.

    /// As far as the listing tells it cannot be restored, but the policy counts on it.
    case cannotBeRestored

    // Why it goes although no policy is about it.

    /// It failed, and failed ones were to be deleted.
    case failed
    /// It was never finished, a finished one is newer, and unfinished ones were to be deleted.
    case neverFinished

    // Objects that are no backup.

    /// No backup that is kept needs it on any way.
    case notNeeded
    /// An annotation of a backup that is deleted.
    case annotation(of: BackupID)
    /// An annotation of a backup that is gone.
    case orphanAnnotation
    /// Barman deletes it together with this backup.
    case deletedWith(BackupID)
}

extension RetentionReason: CustomStringConvertible {
    /// The reason as a clause.
    public var description: String {
        switch self {
        case .insideWindow(let start): "ended inside of the recovery window, which begins \(start)"
        case .startsWindow(let start):
            "the newest from before \(start): recoveries to the begin of the window start from it"
        case .beforeWindow(let start): "older than what recoveries to \(start) and later start from"
        case .amongNewest(let count): "among the newest \(count)"
        case .beyondNewest(let count): "not among the newest \(count)"
        case .minimumRedundancy(let count): "kept by the minimum redundancy of \(count)"
        case .annotated(.standalone): "annotated: keep standalone"
        case .annotated: "annotated: keep full"
        case .endTimeUnknown: "finished, but backup.info does not say when"
        case .status(let status): "status \(status), which no policy is about"
        case .noBackupInfo: "no backup.info, so that Barman ignores it"
        case .backupInfoUnreadable: "backup.info cannot be read"
        case .incremental: "incremental, which no policy is about"
        case .annotationNotSeen: "annotated under a key that Barman does not look at with this location"
        case .hasChildren: "incremental backups build on it"
        case .parent(let child): "incremental backup \(child) builds on it"
        case .snapshot: "its data are volume snapshots outside of the bucket"
        case .unknownFields(let fields): "backup.info has unknown fields: \(printable(fields.joined(separator: ", ")))"
        case .mayBeUnderWay: "may still be under way"
        case .cannotBeRestored: "cannot be restored (audit says why)"
        case .failed: "failed"
        case .neverFinished: "never finished, and a finished one is newer"
        case .notNeeded: "no backup that is kept needs it"
        case .annotation(let id): "annotation of \(id), which is deleted"
        case .orphanAnnotation: "annotation of a backup that is gone"
        case .deletedWith(let id): "Barman deletes it together with \(id)"
        }
    }
}
