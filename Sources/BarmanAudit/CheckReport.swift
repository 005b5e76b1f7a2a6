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
    /// What else is to be said of the recovery.
    public var findings: [Finding]

    /// The report on a verdict; what may still be on its way leaves it open.
    public init(
        server: String,
        target: RecoveryTarget,
        selection: BackupSelection,
        verdict: TargetVerdict,
        segmentSize: WALSegmentSize,
        options: AuditOptions
    ) {
        self.server = server
        self.target = target
        self.selection = selection
        self.verdict = verdict.whilePending(options)
        self.segmentSize = segmentSize
        findings = verdict.damage.map { Finding(on: $0) }
        if let cut = Self.cutShort(verdict, size: segmentSize) { findings.append(cut) }
    }

    /// What a recovery without target loses to a hole.
    private static func cutShort(_ verdict: TargetVerdict, size: WALSegmentSize) -> Finding? {
        guard verdict.answer == .reachable, let first = verdict.missing.first, let landing = verdict.landsAt else {
            return nil
        }
        return Finding(
            .walGap,
            .warning,
            "the recovery ends at \(landing.lsn), before the end of the archive: "
                + "\(counted(first.segments.count, "WAL segment")) missing on timeline \(first.timeline): "
                + span(first.timeline, first.segments, size: size),
            hint: "what lies behind it is lost to this recovery, and PostgreSQL does not say so"
        ).about(first.timeline, first.segments, size: size)
    }
}

extension TargetVerdict {
    /// The verdict; undetermined where the WAL that it lacks may be uploaded right now.
    fileprivate func whilePending(_ options: AuditOptions) -> TargetVerdict {
        guard [.walGap, .walGapInBackup].contains(code), let missingSince,
            missing.allSatisfy({ $0.segments.count <= AuditOptions.mostUploadsAtOnce }), options.isYoung(missingSince)
        else { return self }
        var verdict = self
        verdict.answer = .undetermined
        verdict.code = .walPending
        verdict.reason = "\(reason); it may still be on its way"
        verdict.hint = "segments are uploaded in parallel; ask again later"
        return verdict
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
