internal import BarmanCatalog
internal import PostgresWAL

/// Makes a verdict of how a replay ended.
struct Judgement {
    let target: RecoveryTarget
    let assessment: BackupAssessment
    let extent: BackupExtent
    let path: TimelinePath
    /// What the names say of the same path.
    let wal: RecoveryPath
    let size: WALSegmentSize
    /// What was met that is listed and cannot be used.
    var damage: WALDamage?

    func verdict(_ outcome: Replay.Outcome, _ trace: Replay.Trace) -> TargetVerdict {
        if let name = trace.leftPath, !isBeforeFork(trace, outcome, in: name) {
            return TargetVerdict(
                .unreachable,
                .switchSegmentMissing,
                "PostgreSQL would take \(name) in place of the child's copy and replay past the fork",
                hint: "do not restore across this fork"
            )
        }
        switch outcome {
        case .stopped: return stopped(trace)
        case .passed: return nothingThere("by the next checkpoint it had ended, and no end of it was met")
        case .wrongSize(let name, _, let bytes):
            return TargetVerdict(
                .unreachable,
                .walDamaged,
                "\(name) expands to \(bytes) bytes, which is fatal to PostgreSQL",
                hint: "replace it from pg_wal of an instance, or remove it"
            )
        case .refused(let name, _, let lsn):
            return TargetVerdict(
                .unreachable,
                .walLevelMinimal,
                "PostgreSQL stops at \(lsn) in \(name) with a fatal error: WAL was generated with wal_level = minimal",
                hint: "only what lies before it can be reached from this backup; take one now if there is none since"
            )
        case .missing(let missing): return ended(trace, missing: missing, end: nil)
        case .ended(let end): return ended(trace, missing: nil, end: end)
        }
    }

    /// Whether the target stops the recovery while it still replays what both timelines have in common.
    private func isBeforeFork(_ trace: Replay.Trace, _ outcome: Replay.Outcome, in name: WALSegmentName) -> Bool {
        guard outcome == .stopped, let last = trace.last, let leg = path.leg(on: name.timeline) else { return false }
        return last.end <= leg.positions.upperBound
    }

    private func stopped(_ trace: Replay.Trace) -> TargetVerdict {
        guard trace.isConsistent, let last = trace.last else { return beforeConsistency }
        // PostgreSQL would take it for reached, with the state of the backup's end, which is later.
        if case .time(let time) = target.kind, let end = assessment.backup.details?.endTime, time < end {
            return beforeConsistency
        }
        return reachable(last, trace)
    }

    private func reachable(_ last: (start: LSN, end: LSN, timeline: TimelineID), _ trace: Replay.Trace) -> TargetVerdict
    {
        var verdict = TargetVerdict(
            .reachable,
            .reachable,
            "a recovery stops at \(last.end) on timeline \(last.timeline)"
        )
        verdict.landsAt = TargetVerdict.Landing(lsn: last.end, time: trace.before?.time, timeline: last.timeline)
        return verdict
    }

    private var beforeConsistency: TargetVerdict {
        TargetVerdict(
            .unreachable,
            .beforeBackupEnd,
            "the target lies before the end of backup \(assessment.backup.id), at \(extent.end)",
            hint: "choose an older backup: --selection any finds one if there is one"
        )
    }

    /// The WAL ended before the target stopped the recovery.
    private func ended(_ trace: Replay.Trace, missing: Replay.MissingSegment?, end: WALEnd?) -> TargetVerdict {
        let isAtHead = missing.map { isBehindHead($0.name) } ?? false
        let what =
            missing.map { gap in
                gap.damage.map { "\(gap.name) cannot be expanded: \($0)" } ?? "\(gap.name) is not in the archive"
            } ?? end.map { "the WAL ends: \($0)" } ?? "the WAL ends"
        // A record that cannot be read in a segment behind which others follow was readable once.
        let isDamaged =
            damage != nil || missing?.damage != nil || end != nil && trace.segment.map { !isLast($0) } ?? true
        guard trace.isConsistent, let last = trace.last else {
            return TargetVerdict(
                .unreachable,
                isDamaged ? .walDamaged : .walGapInBackup,
                "the backup does not become consistent: \(what)",
                hint: "choose another backup"
            )
        }
        if target.kind == .latest {
            var verdict = reachable(last, trace)
            if isDamaged || missing != nil && !isAtHead {
                // PostgreSQL promotes there without a word.
                verdict.reason += ", before the end of the archive: \(what)"
                verdict.hint = "what lies behind it is lost to this recovery"
            }
            return verdict
        }
        if isDamaged { return TargetVerdict(.unreachable, .walDamaged, what, hint: Self.noWayPast) }
        if missing != nil, !isAtHead {
            return TargetVerdict(.unreachable, .walGap, what, hint: Self.noWayPast)
        }
        return nothingThere(what)
    }

    private static let noWayPast =
        "no recovery from this backup comes past it; only from a backup that begins behind it"

    private func nothingThere(_ what: String) -> TargetVerdict {
        switch target.kind {
        case .time:
            TargetVerdict(
                .unreachable,
                .afterLastTransaction,
                "no transaction on the path ended later: \(what)",
                hint: "a time is reached only by a later commit or abort; without a target, recovery goes to the end"
            )
        case .lsn:
            TargetVerdict(.unreachable, .lsnNotArchived, "no record begins at or behind it: \(what)")
        case .xid:
            TargetVerdict(
                .unreachable,
                .noSuchTransaction,
                "no top-level transaction of that number ended on the path: \(what)",
                hint: "it ended before the backup began, or is a subtransaction, or one of another branch"
            )
        case .name:
            TargetVerdict(.unreachable, .noSuchRestorePoint, "no restore point of that name on the path: \(what)")
        case .immediate, .latest:
            TargetVerdict(.unreachable, .walGapInBackup, what)
        }
    }

    /// Whether names show nothing on the path behind a segment that is missing.
    private func isBehindHead(_ name: WALSegmentName) -> Bool {
        guard let last = wal.last else { return true }
        return wal.gaps.isEmpty && isLast(name, behind: last)
    }

    private func isLast(_ name: WALSegmentName, behind last: UInt64) -> Bool {
        name.number(size: size).map { $0 > last } ?? true
    }

    private func isLast(_ name: WALSegmentName) -> Bool {
        guard let last = wal.last, let number = name.number(size: size) else { return true }
        return number >= last
    }

}
