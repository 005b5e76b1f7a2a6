extension FindingExplanation {
    static let objectUnknown = FindingExplanation(
        severity: "info",
        meaning: "Objects of no shape that Barman writes.",
        reason: "No restore needs them and no retention deletes them.",
        remedy: "Nothing, unless they surprise you."
    )

    static let objectUnreadable = FindingExplanation(
        severity: "error",
        meaning: "An object is in the listing, and the store does not hand it out, though it was asked twice.",
        reason:
            "It is neither absent nor damaged: what it says is not known. A backup whose backup.info is not read may be "
            + "the one that a restore takes; a history file that is not read may lead a recovery elsewhere.",
        remedy:
            "Audit again. If it stays, look for lost blocks or a degraded cluster: such stores list what they cannot read. Until "
            + "then nothing is deleted, and the exit status is 2."
    )

    static let listingSuspect = FindingExplanation(
        severity: "error; warning where an answer came out of a cache",
        meaning:
            "The store's listing contradicted itself, or came out of a cache, or a directory has links in it, which are "
            + "not followed.",
        reason:
            "What was not listed may still be there: a gap found on such a listing may not be real, and a deletion "
            + "based on it is dangerous.",
        remedy:
            "Audit again; if it stays, suspect the store or a proxy before it. In a directory put files where there are "
            + "links. Delete nothing."
    )

    static let barmanServerHome = FindingExplanation(
        severity: "error",
        meaning:
            "The directory is the home of a Barman server (barman backup, barman recover), or a copy of one, and no "
            + "archive of barman-cloud-backup and barman-cloud-wal-archive.",
        reason:
            "Its directories have the same names and other contents: judged as a cloud archive, good backups would look "
            + "damaged, and a retention plan would delete them.",
        remedy: "Use barman itself on it. Nothing of it is judged here, and every retention plan is refused."
    )

    static let backupElsewhere = FindingExplanation(
        severity: "info",
        meaning:
            "The WAL archive has the .backup label of a base backup whose data is not in this bucket: a volume snapshot, "
            + "for example.",
        reason: "Whoever restores it needs the WAL from its START on. That WAL is no orphan, and retention keeps it.",
        remedy:
            "Nothing. Where those backups are gone for good, retention plan --drop-elsewhere says so. A snapshot of a "
            + "standby leaves no label: keep a backup in the bucket that is older than your oldest one. A label of "
            + "barman-cloud-backup counts as one of a deleted backup of this bucket."
    )

    static let retentionRefused = FindingExplanation(
        severity: "error",
        meaning: "A retention plan that is not carried out: what it would delete may be needed.",
        reason:
            "The plan compares what can be recovered before and after, and refuses where a backup that stays would lose "
            + "something, where the newest backup would go, where no backup that stays could be restored, or where the "
            + "archive cannot be judged.",
        remedy: "Do what the hint says, and plan again. Nothing was deleted."
    )

    static let retentionPolicy = FindingExplanation(
        severity: "info",
        meaning: "A retention policy whose words say something else than what it does.",
        reason: "Barman and CloudNativePG count a month as 31 days, so that 6m are 186 days.",
        remedy: "Nothing, unless you meant something else: then write the policy in days."
    )
}
