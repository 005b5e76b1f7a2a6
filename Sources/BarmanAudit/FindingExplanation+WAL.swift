extension FindingExplanation {
    static let walLevelMinimal = FindingExplanation(
        severity: "error",
        meaning: "The server ran with wal_level = minimal for a while, and the archive has WAL of it.",
        reason:
            "PostgreSQL ends an archive recovery there with a fatal error, whatever the target: such WAL leaves out what "
            + "bulk loads wrote. Nothing after it can be reached from a backup before it.",
        remedy: "Take a base backup now, if none was taken since. Backups from before still reach what lies before it."
    )
}
