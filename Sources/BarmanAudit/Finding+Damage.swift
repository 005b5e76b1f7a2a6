internal import BarmanRecovery
internal import PostgresWAL

extension Finding {
    /// What is to be said of a segment that was opened and cannot be used.
    init(on damage: WALDamage) {
        if case .foreignSystem = damage.kind {
            self.init(
                .walForeignSystem,
                .error,
                "WAL of another cluster: \(damage)",
                hint: "two clusters archive under one server name: give every cluster its own, then take a base backup"
            )
        } else if case .walLevelMinimal = damage.kind {
            self.init(
                .walLevelMinimal,
                .error,
                "no recovery comes past this WAL: \(damage)",
                hint:
                    "a backup from before can reach what lies before it; restore what came after from a backup taken since, "
                    + "and take one now if there is none"
            )
        } else {
            let what =
                damage.isFatal
                ? "PostgreSQL stops at it with a fatal error"
                : "a recovery takes it for the end of the WAL, without a word"
            self.init(
                .walDamaged,
                .error,
                "damaged WAL: \(damage)",
                hint: "\(what); replace it from pg_wal of an instance, else take a base backup now"
            )
        }
        timeline = damage.segment.timeline
        segment = damage.segment
        lastSegment = damage.segment
    }
}
