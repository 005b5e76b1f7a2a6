public import BarmanCatalog
public import ObjectStorage
public import PostgresWAL

/// Why nothing may be deleted on a plan.
public enum RetentionRefusal: Hashable, Sendable {
    /// The listing contradicted itself, or has links in it that were not followed.
    case listingSuspect([String])
    /// A `backup.info` cannot be read: nobody knows what that backup needs.
    case unreadableBackup(BackupID)
    /// Backups of several database systems lie under the server: nobody knows whose WAL it is.
    case severalSystems([String])
    /// The newest finished backup would go.
    case newestBackupWouldGo(BackupID)
    /// A backup that can be restored, as far as the listing tells, would go, and none that stays can be.
    case restorableBackupWouldGo(BackupID)
    /// The timeline that was archived last could be recovered until now, and could not afterwards.
    case newestTimelineWouldGo(TimelineID)
    /// What can be recovered from a backup that stays would become less.
    case windowWouldShrink(BackupID, before: RecoveryWindow, after: RecoveryWindow?)
    /// Barman itself would stop with an error, and what it would delete up to there is no sensible state.
    case barmanWouldStop(BarmanStop)
    /// It is the home of a Barman server, as this object shows, and no archive of `barman-cloud`.
    case barmanServerHome(ObjectKey)
    /// No backup that stays could be restored.
    case nothingRestorableWouldStay
    /// There are more oddly named objects than can be told apart, so what Barman would delete is not known.
    case tooManyOddNames
}

extension RetentionRefusal: CustomStringConvertible {
    /// What is wrong.
    public var description: String {
        switch self {
        case .listingSuspect(let reasons): "the listing is suspect: \(reasons.first ?? "no reason given")"
        case .unreadableBackup(let id): "backup.info of \(id) cannot be read, so nobody knows what it needs"
        case .severalSystems(let systems):
            "backups of \(systems.count) database systems lie here: \(printable(systems.joined(separator: ", ")))"
        case .newestBackupWouldGo(let id): "the newest finished backup, \(id), would go"
        case .restorableBackupWouldGo(let id): "\(id) would go, and no backup that stays is as sure to be restorable"
        case .newestTimelineWouldGo(let timeline):
            "timeline \(timeline), which was archived last, could not be recovered any more"
        case .windowWouldShrink(let id, let before, let after):
            "recoveries from \(id) on timeline \(before.timeline) \(before.difference(from: after))"
        case .barmanServerHome(let key):
            "this is the home of a Barman server, as \(key) shows, and no archive of barman-cloud"
        case .nothingRestorableWouldStay: "no backup that stays could be restored"
        case .barmanWouldStop(let stop): "barman-cloud-backup-delete would stop with an error: \(stop)"
        case .tooManyOddNames: "there are too many objects of odd names to tell what Barman would delete"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .listingSuspect:
            "list again; if it stays so, ask whoever runs the store; in a directory put files where there are links"
        case .unreadableBackup: "restore its backup.info, or move the directory away, and plan again"
        case .severalSystems: "move the backups and the WAL of one of them to a server name of their own"
        case .newestBackupWouldGo: "take a new backup first, or choose a policy that keeps one"
        case .restorableBackupWouldGo: "look at what is wrong with those that stay, or take a new backup first"
        case .newestTimelineWouldGo: "take a backup on that timeline first"
        case .windowWouldShrink: "keep what the plan would delete, or plan with --semantics exact"
        case .barmanServerHome: "use barman itself on it: barman delete, or its retention_policy"
        case .nothingRestorableWouldStay: "look at what is wrong with those that stay, or take a new backup first"
        case .barmanWouldStop: "mend what it stumbles over, or plan with --semantics exact"
        case .tooManyOddNames: "remove them, or plan with --semantics exact"
        }
    }
}
