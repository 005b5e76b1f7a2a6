internal import BarmanCatalog
internal import PostgresWAL

/// The status of each backup under a policy, exactly as Barman assigns it (`retention_policies.py`).
struct RetentionReport {
    /// One backup.
    struct Row: Hashable {
        var backup: BaseBackup
        var status = RetentionStatus.none
        var reason: RetentionReason
        /// Whether the policy wants it for itself, whatever annotations say.
        var isWanted = false
    }

    /// The backups, in the order of the catalog.
    private(set) var rows: [Row]

    /// Why Barman would stop with an error before it deletes anything, nil where it would not.
    private(set) var barmanStop: BarmanStop?

    init(of catalog: BackupCatalog, under policy: RetentionPolicy, minimumRedundancy: Int, at now: TimestampTZ) {
        var walk = Walk(policy: policy, minimum: minimumRedundancy, start: policy.pointOfRecoverability(at: now))
        // Barman orders by id, newest first, and never by time.
        rows = catalog.backups.map { Row(backup: $0, reason: .noBackupInfo) }
        for index in rows.indices.sorted(by: { rows[$0].backup.id > rows[$1].backup.id }) {
            rows[index] = walk.visit(rows[index].backup)
        }
        barmanStop = Self.stop(before: catalog) ?? walk.stop
    }

    /// What stops Barman while it reads the catalog.
    private static func stop(before catalog: BackupCatalog) -> BarmanStop? {
        for backup in catalog.backups {
            if let field = backup.details?.unknownFields.first { return .unknownField(backup.id, field) }
        }
        return catalog.backups.first { $0.isUnreadable }.map { .unreadable($0.id) }
    }
}

/// Goes through the backups from the newest to the oldest.
private struct Walk {
    let policy: RetentionPolicy
    let minimum: Int
    let start: TimestampTZ?
    var stop: BarmanStop?

    /// How many finished backups were counted as valid so far.
    private var valid = 0
    /// Whether the first backup from before the window was seen.
    private var found = false

    init(policy: RetentionPolicy, minimum: Int, start: TimestampTZ?) {
        self.policy = policy
        self.minimum = minimum
        self.start = start
    }

    mutating func visit(_ backup: BaseBackup) -> RetentionReport.Row {
        guard let details = backup.details else {
            return .init(backup: backup, reason: backup.isUnreadable ? .backupInfoUnreadable : .noBackupInfo)
        }
        guard details.parentBackupID == nil else { return .init(backup: backup, reason: .incremental) }
        if details.hasChildren, stop == nil { stop = .hasChildren(backup.id) }
        guard details.status == .done else { return .init(backup: backup, reason: .status(details.status)) }
        var row =
            switch policy {
            case .redundancy(let count): redundant(backup, max(count, minimum))
            case .recoveryWindow: windowed(backup, details)
            }
        switch backup.keep {
        case .full: (row.status, row.reason) = (.keepFull, .annotated(.full))
        case .standalone: (row.status, row.reason) = (.keepStandalone, .annotated(.standalone))
        case .empty, nil: break
        }
        return row
    }

    private mutating func redundant(_ backup: BaseBackup, _ count: Int) -> RetentionReport.Row {
        // Those that an annotation keeps are counted, too.
        defer { valid += 1 }
        guard valid < count else {
            return .init(backup: backup, status: .obsolete, reason: .beyondNewest(count))
        }
        return .init(backup: backup, status: .valid, reason: .amongNewest(count), isWanted: true)
    }

    private mutating func windowed(_ backup: BaseBackup, _ details: BackupInfo) -> RetentionReport.Row {
        let start = start ?? TimestampTZ(rawValue: .min)
        guard !found else {
            guard valid < minimum else {
                return .init(backup: backup, status: .obsolete, reason: .beforeWindow(start))
            }
            valid += 1
            return .init(
                backup: backup,
                status: .potentiallyObsolete,
                reason: .minimumRedundancy(minimum),
                isWanted: true
            )
        }
        valid += 1
        guard let end = details.endTime else {
            if stop == nil { stop = .noEndTime(backup.id) }
            return .init(backup: backup, status: .valid, reason: .endTimeUnknown, isWanted: true)
        }
        // A backup that ended just when the window begins is inside, so that one older stays as well.
        found = end < start
        return .init(
            backup: backup,
            status: .valid,
            reason: found ? .startsWindow(start) : .insideWindow(start),
            isWanted: true
        )
    }
}

extension BaseBackup {
    /// Whether there is a `backup.info` that cannot be read, whatever the reason.
    var isUnreadable: Bool {
        switch info {
        case .unreadable, .refused: true
        case .read, .missing: false
        }
    }
}
