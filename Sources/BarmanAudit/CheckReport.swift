public import BarmanRecovery
public import PostgresWAL

/// The answer to a recovery target, with what it was asked of.
public struct CheckReport: Sendable {
    /// The server.
    public var server: String
    /// What was asked for.
    public var target: RecoveryTarget
    /// Who picked the backup.
    public var selection: BackupSelection
    /// The answer.
    public var verdict: TargetVerdict
    /// The segment size, to name what is missing.
    public var segmentSize: WALSegmentSize

    /// A report of these parts.
    public init(
        server: String,
        target: RecoveryTarget,
        selection: BackupSelection,
        verdict: TargetVerdict,
        segmentSize: WALSegmentSize
    ) {
        self.server = server
        self.target = target
        self.selection = selection
        self.verdict = verdict
        self.segmentSize = segmentSize
    }
}

extension RecoveryTarget {
    /// The kind in one word, as the JSON names it.
    var kindName: String {
        switch kind {
        case .time: "time"
        case .lsn: "lsn"
        case .xid: "xid"
        case .name: "name"
        case .immediate: "immediate"
        case .latest: "latest"
        }
    }

    /// The value as PostgreSQL prints it, nil for a target that has none.
    var valueText: String? {
        switch kind {
        case .time(let time): time.description
        case .lsn(let lsn): lsn.description
        case .xid(let xid): String(xid)
        case .name(let name): name
        case .immediate, .latest: nil
        }
    }

    /// The timeline as the setting spells it.
    var timelineText: String {
        switch timeline {
        case .latest: "latest"
        case .current: "current"
        case .number(let number): number.description
        }
    }
}

extension BackupSelection {
    /// Who picked the backup, as the JSON names it.
    var name: String {
        switch self {
        case .cnpg: "cnpg"
        case .barman: "barman"
        case .any: "any"
        case .explicit: "explicit"
        }
    }
}
