internal import BarmanCatalog
internal import PostgresWAL

/// What another backup than the chosen one would do for a target.
extension TargetSearch {
    // The newest that could do it; each that cannot costs some reading.
    private static let mostTried = 4

    /// The verdict, with a hint at a backup that reaches the target where the chosen one does not.
    func withAlternative(
        _ verdict: TargetVerdict,
        _ target: RecoveryTarget,
        _ selection: BackupSelection,
        _ shared: SharedReplays
    ) async throws -> TargetVerdict {
        guard verdict.answer != .reachable, verdict.evidence == .records, selection != .any, target.kind != .immediate
        else { return verdict }
        let chooser = BackupChooser(assessments: analysis.assessments, target: target)
        let others = chooser.candidates(.any).filter { $0.backup.id != verdict.backup && $0.isRestorable == true }
        for other in others.prefix(Self.mostTried) {
            guard try await self.verdict(on: target, from: other, shared).answer == .reachable else { continue }
            var verdict = verdict
            verdict.hint =
                "backup \(other.backup.id) reaches it: --backup-id \(other.backup.id), "
                + "or bootstrap.recovery.recoveryTarget.backupID"
            return verdict
        }
        return verdict
    }

    /// The verdict, with a hint at a backup that reaches the same point and needs less WAL.
    func advised(_ verdict: TargetVerdict, _ target: RecoveryTarget, _ selection: BackupSelection) -> TargetVerdict {
        guard selection != .any, target.kind != .immediate, verdict.hint == nil, let landing = verdict.landsAt,
            let chosen = analysis.assessments.first(where: { $0.backup.id == verdict.backup })?.extent
        else { return verdict }
        let size = analysis.catalog.wal.segmentSize
        let nearer = analysis.assessments.last { other in
            guard let extent = other.extent, other.isRestorable == true, extent.end <= landing.lsn,
                extent.begin > chosen.end,
                let route = other.routes.first(where: { $0.target == verdict.path.last }), route.isConsistent,
                let end = route.wal.end
            else { return false }
            if case .time(let time) = target.kind, let ended = other.backup.details?.endTime, ended > time {
                return false
            }
            return end.segment >= size.segmentNumber(of: landing.lsn)
        }
        guard let nearer, let extent = nearer.extent, extent.firstSegment > chosen.firstSegment else { return verdict }
        var verdict = verdict
        verdict.hint =
            "backup \(nearer.backup.id) is nearer: \(extent.firstSegment - chosen.firstSegment) segments fewer "
            + "to replay"
        return verdict
    }

    /// Where the first backup behind a target becomes consistent: what can be reached in its place.
    func nextConsistency(behind target: RecoveryTarget) -> TargetVerdict.Neighbour? {
        let windows = analysis.windows.filter { window in
            switch target.timeline {
            case .latest: window.isLatest
            case .current: true
            case .number(let timeline): window.timeline == timeline
            }
        }
        let points = windows.compactMap { window in
            window.from.time.map { TargetVerdict.Neighbour(time: $0, lsn: window.from.lsn) }
        }
        return switch target.kind {
        case .time(let time): points.filter { $0.time > time }.min { $0.time < $1.time }
        case .lsn(let lsn): points.filter { $0.lsn > lsn }.min { $0.lsn < $1.lsn }
        case .xid, .name, .immediate, .latest: nil
        }
    }
}

extension BackupChooser {
    /// The verdict where no backup is chosen.
    func nothingToChoose(_ selection: BackupSelection) -> TargetVerdict {
        let (reason, hint) =
            switch selection {
            case .explicit(let id): ("there is no backup \(id)", "see cellarman backups")
            case .cnpg:
                (
                    "CloudNativePG finds no target backup: none ended before the target on that timeline",
                    "PostgreSQL may be able to use another one: try --selection any"
                )
            case .barman:
                (
                    "Barman finds no candidate backup for the target",
                    "PostgreSQL may be able to use another one: try --selection any"
                )
            case .any: ("no backup ended before the target", "see cellarman windows")
            }
        return TargetVerdict(.unreachable, .noBackup, reason, hint: hint)
    }
}
