/// What `cellarman explain` says about a finding code.
public struct FindingExplanation: Hashable, Sendable {
    /// The severity that findings of the code have.
    public let severity: String
    /// What it means.
    public let meaning: String
    /// Why it matters.
    public let reason: String
    /// What to do.
    public let remedy: String
}

extension FindingCode {
    /// What the code means, why it matters, and what to do.
    public var explanation: FindingExplanation {
        switch self {
        case .walGap:
            FindingExplanation(
                severity: "error",
                meaning: "Segments are missing between two runs that one recovery path crosses.",
                reason:
                    "PostgreSQL takes a missing segment for the end of the WAL. Without a recovery target it promotes "
                    + "there without a word, and what was committed behind the hole is gone; with a target behind it "
                    + "the recovery fails.",
                remedy: "Look for the files in pg_wal of every instance, the old primary's first, and archive them. If "
                    + "they are lost, take a base backup now: restores from it do not cross the hole."
            )
        case .walGapInBackup:
            FindingExplanation(
                severity: "error",
                meaning: "A segment between the begin and the end of a backup is missing.",
                reason:
                    "PostgreSQL needs every segment from begin_wal to the end of the backup before it is consistent. "
                    + "It ends with \"WAL ends before end of online backup\", whatever the target. The status DONE does "
                    + "not say that the WAL was archived.",
                remedy:
                    "Do not count on the backup. Look for the segment in pg_wal of the instances; else take another "
                    + "backup and delete this one."
            )
        case .walGapPending:
            FindingExplanation(
                severity: "info",
                meaning: "A hole whose following segment is younger than the grace period (--grace).",
                reason: "CloudNativePG uploads several segments in parallel (maxParallel), so a younger one may arrive "
                    + "first. Until the hole is filled, nothing behind it can be restored.",
                remedy: "Audit again in a few minutes. If the hole stays it becomes wal-gap."
            )
        case .walOrphan:
            FindingExplanation(
                severity: "info",
                meaning: "Segments before the oldest backup, or on a timeline that no backup reaches.",
                reason: "They take room and help no restore. Barman deletes WAL only when it deletes a backup, so they "
                    + "may stay for ever.",
                remedy: "Nothing is broken. They can go when you are sure that no backup elsewhere needs them."
            )
        case .walDuplicate:
            FindingExplanation(
                severity: "warning",
                meaning: "One segment lies there in two whole objects, as a rule in two compressions.",
                reason:
                    "barman-cloud-wal-restore 3.19 delivers the first in byte order and leaves the other in its spool "
                    + "directory, from where a later restore on the same host may be fed it.",
                remedy: "Compare the two and remove the one that should not be there."
            )
        case .walShadowed:
            FindingExplanation(
                severity: "error",
                meaning:
                    "A .partial whose name sorts before the whole segment's, so that a restore fetches the .partial.",
                reason: "This happens with the suffixes .snappy, .xz and .zst. Recovery then ends where the .partial "
                    + "ends, though the whole segment is there.",
                remedy: "Remove the .partial once the whole segment is known to be good, or restore with --no-partial."
            )
        case .walMisplaced:
            FindingExplanation(
                severity: "warning",
                meaning: "A WAL object in a directory that is not the first 16 digits of its name, or in lower case.",
                reason:
                    "Listing and retention count it by its name; a restore asks for one exact directory in upper case "
                    + "and does not find it.",
                remedy: "Move it to where its name belongs, unless a good one is there already."
            )
        case .walEmpty:
            FindingExplanation(
                severity: "error",
                meaning: "A WAL object of zero bytes.",
                reason: "Barman restores it as an empty file and reports success; PostgreSQL then stops with a fatal "
                    + "error (\"wrong size\"), even in a recovery that would have ended a little before it, because it "
                    + "reads ahead.",
                remedy: "Replace it from pg_wal of an instance, or remove it: a missing segment does less harm than an "
                    + "empty one."
            )
        case .walDamaged:
            FindingExplanation(
                severity: "error",
                meaning:
                    "A WAL object that is truncated, fails its checksums, does not decompress or has a wrong size.",
                reason: "Recovery ends there, with a fatal error or, worse, silently.",
                remedy: "Replace it from pg_wal of an instance; else take a base backup now."
            )
        case .walUnreadable:
            FindingExplanation(
                severity: "warning",
                meaning: "WAL that was opened, and that this version of Cellarman cannot read.",
                reason: "It was written by a release before 13 or after 18, on a big-endian machine, or with pages of "
                    + "another size than 8 kB. What is in it is not known, and nothing is concluded from it.",
                remedy: "Judge by names (--evidence names), and restore for a test."
            )
        case .walForeignSystem:
            FindingExplanation(
                severity: "error",
                meaning: "A WAL object that carries another system identifier than the backups.",
                reason: "Two clusters archive under one server name and overwrite each other's WAL.",
                remedy: "Give every cluster a serverName of its own, then take a base backup."
            )
        case .partialElsewhere:
            FindingExplanation(
                severity: "warning",
                meaning: "A .partial segment where no known timeline begins.",
                reason:
                    "A promotion archives the unfinished segment of the old timeline under this name, exactly where "
                    + "the new timeline forks off. Elsewhere its history file is missing, or something else wrote it. "
                    + "barman-cloud-wal-restore hands a lone .partial out as if it were the segment.",
                remedy: "Look whether a history file is missing."
            )
        case .historyMissing:
            FindingExplanation(
                severity: "error",
                meaning: "WAL of a timeline is archived, the history file of the timeline is not.",
                reason: "A recovery from a backup of an older timeline cannot enter this one. With latest, PostgreSQL "
                    + "stops at the first number that has no history file and stays on the older timeline without a "
                    + "word.",
                remedy: "Copy the .history file from pg_wal of an instance into wals/ of the archive."
            )
        case .historyInvalid:
            FindingExplanation(
                severity: "error",
                meaning: "A history file is empty, does not decompress or does not parse.",
                reason: "A recovery to latest that comes to it ends with a fatal error: one bad file can break every "
                    + "default recovery.",
                remedy: "Replace it by the one in pg_wal of an instance."
            )
        case .timelineWithoutWAL:
            FindingExplanation(
                severity: "warning",
                meaning: "A history file, but no WAL of its timeline yet.",
                reason: "Right after a promotion this is normal. Until the first segment arrives, a recovery to latest "
                    + "goes on with the parent's WAL past the fork.",
                remedy: "Audit again in a few minutes; if it stays, look at the archiver of the new primary."
            )
        case .timelineAbandoned:
            FindingExplanation(
                severity: "info",
                meaning: "WAL of a timeline behind the last fork from it.",
                reason:
                    "An old primary went on writing after its standby was promoted. Those transactions are not part "
                    + "of the younger timeline.",
                remedy:
                    "To reach them, restore with recovery_target_timeline set to that timeline. Else nothing is to be "
                    + "done."
            )
        case .switchSegmentMissing:
            FindingExplanation(
                severity: "error",
                meaning:
                    "The child timeline's copy of the segment in which it forked is missing, the parent's is there.",
                reason:
                    "PostgreSQL falls back to the parent's copy, replays its records past the fork, so that abandoned "
                    + "transactions come back, and then stops. The recovery looks like a success.",
                remedy:
                    "Do not restore across this fork. Archive the segment from pg_wal of the new primary, or take a "
                    + "base backup now."
            )
        case .backupNotOnTimeline:
            FindingExplanation(
                severity: "error",
                meaning: "A finished backup that no timeline which a recovery could follow comes through.",
                reason: "PostgreSQL looks for the backup's checkpoint on the way to the timeline that it is to follow. "
                    + "A backup that begins before its timeline did, or spans a promotion whose history file is missing, "
                    + "cannot be restored at all.",
                remedy: "Look for the history file in pg_wal of an instance; else take another backup."
            )
        case .latestNotReachable:
            FindingExplanation(
                severity: "warning / error",
                meaning: "A backup whose timeline is not an ancestor of the one that latest means for it.",
                reason: "latest is the highest consecutive history file, whatever branch it is on. A restore of this "
                    + "backup with the default settings fails: \"requested timeline is not a child of this server's "
                    + "history\".",
                remedy:
                    "Ask for the backup's own timeline, or restore another backup. CloudNativePG chooses the newest "
                    + "backup without looking at branches."
            )
        case .backupFailed:
            FindingExplanation(
                severity: "warning",
                meaning: "A backup of status FAILED.",
                reason: "It cannot be restored. Retention never deletes it, and on an old timeline it protects that "
                    + "timeline's WAL for ever.",
                remedy: "Read its error, mend the cause, and delete it by its id."
            )
        case .backupUnfinished:
            FindingExplanation(
                severity: "info / warning",
                meaning: "A backup of status STARTED (or another that is not final), data without backup.info, or a "
                    + "backup.info that was cut off before its status.",
                reason:
                    "Younger than a day it may be running. Older, it was aborted: Barman ignores a directory without "
                    + "backup.info, and retention deletes neither.",
                remedy: "If it is old, remove its objects by hand."
            )
        case .backupUnreadable:
            FindingExplanation(
                severity: "error",
                meaning: "A backup.info that does not parse, or is DONE without saying where it begins and ends.",
                reason:
                    "barman-cloud-backup-delete refuses to delete anything of the server while one is unreadable, so "
                    + "retention stops.",
                remedy: "Read the file: chunk framing in it (a first line like 5b2) means that the store needs "
                    + "AWS_REQUEST_CHECKSUM_CALCULATION=when_required. Repair or remove it."
            )
        case .backupDataMissing:
            FindingExplanation(
                severity: "error",
                meaning: "A tar that the backup needs is missing or empty: data, a tablespace, or a part of either.",
                reason: "The restore fails, or leaves a data directory without some of its files. Barman's retention "
                    + "counts such a backup as good.",
                remedy: "Do not count on it; take another one."
            )
        case .backupDataUncertain:
            FindingExplanation(
                severity: "info / warning",
                meaning:
                    "The last tar of a split backup, or of one of its tablespaces, is about as large as a full part; or "
                    + "backup.info was cut off before it says what tablespaces there are.",
                reason: "Nothing in a bucket says how many parts a backup has. A part ends when it has grown beyond "
                    + "--max-archive-size, so a last part of full size may not be the last. "
                    + "Half the size of the smallest full part counts as full, because compression varies.",
                remedy: "Compare with the log of the backup, or restore it for a test."
            )
        case .backupWALPending:
            FindingExplanation(
                severity: "info",
                meaning: "The last segments of a young backup are not archived yet.",
                reason: "A backup of a standby does not wait for them; they come with the next segment switch, "
                    + "archive_timeout at the latest.",
                remedy: "Audit again in a few minutes. If they stay away it becomes wal-gap-in-backup."
            )
        case .backupUnknownField:
            FindingExplanation(
                severity: "warning",
                meaning: "A backup.info with a field that Barman 3.19 does not know.",
                reason: "From 3.16 on every barman-cloud command ends with an error on such a file: list, restore and "
                    + "retention alike.",
                remedy: "Use the version of Barman that wrote it, or a newer one, everywhere."
            )
        case .annotationOrphan:
            FindingExplanation(
                severity: "info",
                meaning: "A keep annotation whose backup is not there.",
                reason: "Barman leaves the annotation behind when it deletes a backup. It does no harm.",
                remedy: "It can be removed."
            )
        case .keepNotSeen:
            FindingExplanation(
                severity: "warning",
                meaning: "A keep annotation under the other spelling of its key.",
                reason:
                    "Barman doubles the slash before the server's name if destinationPath ends in one. With the other "
                    + "spelling it does not see the annotation, and retention deletes the backup.",
                remedy: "Write destinationPath as it was when the backup was kept, or keep the backup anew."
            )
        case .systemIdentifierConflict:
            FindingExplanation(
                severity: "error",
                meaning: "Backups of different database systems under one server name.",
                reason: "Their WAL has the same names and overwrites each other.",
                remedy: "Give every cluster a serverName of its own; keep apart what can still be told apart."
            )
        case .segmentSizeConflict:
            FindingExplanation(
                severity: "error",
                meaning: "Segment sizes, WAL names and positions that do not fit each other.",
                reason:
                    "Two systems lie under one server name, or a backup.info was changed. Positions cannot be trusted "
                    + "then, so such a backup is not called restorable.",
                remedy: "Find out which cluster wrote what; give every cluster a serverName of its own."
            )
        case .noBackup:
            FindingExplanation(
                severity: "error",
                meaning: "WAL, but no backup of status DONE.",
                reason: "WAL alone restores nothing.",
                remedy: "Take a base backup now."
            )
        case .noWAL:
            FindingExplanation(
                severity: "error",
                meaning: "Backups of status DONE, but no WAL segment.",
                reason: "No backup is consistent without its WAL.",
                remedy: "Check the archiver, and whether backups and WAL go to the same destinationPath and serverName."
            )
        case .backupTooOld:
            FindingExplanation(
                severity: "error",
                meaning: "The newest backup of status DONE is older than --max-backup-age.",
                reason: "Recovery from it replays more WAL and takes longer; something stopped the schedule.",
                remedy: "Look at the ScheduledBackup and the last failed Backup."
            )
        case .archiveStale:
            FindingExplanation(
                severity: "error",
                meaning: "The newest WAL segment is older than --max-archive-age.",
                reason: "What was committed since then would be lost with the primary.",
                remedy: "Look at pg_stat_archiver on the primary; an idle server archives only with archive_timeout."
            )
        case .walLevelMinimal: .walLevelMinimal
        case .objectUnknown: .objectUnknown
        case .objectUnreadable: .objectUnreadable
        case .listingSuspect: .listingSuspect
        case .barmanServerHome: .barmanServerHome
        case .backupElsewhere: .backupElsewhere
        case .retentionRefused: .retentionRefused
        case .retentionPolicy: .retentionPolicy
        }
    }
}
