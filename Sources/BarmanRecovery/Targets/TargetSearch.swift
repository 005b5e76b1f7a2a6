internal import BarmanCatalog
internal import ObjectStorage
public import PostgresWAL

/// Finds out whether a recovery target can be reached, by replaying the WAL without writing anything.
///
/// It is the one thinker that reads, and reads only through a `WALSource`.
public struct TargetSearch: Sendable {
    private let analysis: RecoveryAnalysis
    private let source: any WALSource

    /// A search in the archive of an analysis.
    public init(_ analysis: RecoveryAnalysis, reading source: any WALSource) {
        self.analysis = analysis
        self.source = source
    }

    /// Whether `target` can be reached from the backup that is selected.
    ///
    /// - Throws: where WAL could not be looked at. WAL that is damaged, or of another version, is a verdict.
    public func verdict(on target: RecoveryTarget, from selection: BackupSelection) async throws -> TargetVerdict {
        let candidates = BackupChooser(assessments: analysis.assessments, target: target).candidates(selection)
        guard !candidates.isEmpty else { return noBackup(for: target, selection) }
        var best: TargetVerdict?
        for candidate in candidates {
            let verdict = try await verdict(on: target, from: candidate)
            if verdict.answer == .reachable { return verdict }
            // The newest backup says best why not, unless an older one leaves it open.
            if best == nil || best?.answer == .unreachable && verdict.answer == .undetermined { best = verdict }
        }
        return best ?? noBackup(for: target, selection)
    }

    private func noBackup(for target: RecoveryTarget, _ selection: BackupSelection) -> TargetVerdict {
        switch selection {
        case .explicit(let id):
            TargetVerdict(.unreachable, .noBackup, "there is no backup \(id)", hint: "see cellarman backups")
        case .cnpg:
            TargetVerdict(
                .unreachable,
                .noBackup,
                "CloudNativePG finds no target backup: none ended before the target on that timeline",
                hint: "PostgreSQL may be able to use another one: try --selection any"
            )
        case .barman:
            TargetVerdict(
                .unreachable,
                .noBackup,
                "Barman finds no candidate backup for the target",
                hint: "PostgreSQL may be able to use another one: try --selection any"
            )
        case .any:
            TargetVerdict(.unreachable, .noBackup, "no backup ended before the target", hint: "see cellarman windows")
        }
    }

    private func verdict(on target: RecoveryTarget, from assessment: BackupAssessment) async throws -> TargetVerdict {
        let id = assessment.backup.id
        guard let extent = assessment.extent, assessment.backup.data.isComplete != false,
            !assessment.contradictsItself, !assessment.lacksParent
        else {
            return TargetVerdict(
                .unreachable,
                .backupNotRestorable,
                "backup \(id) cannot be restored",
                hint: "see cellarman backups for what it lacks",
                backup: id
            )
        }
        let path: TimelinePath
        switch TargetPath(tree: analysis.tree, size: analysis.catalog.wal.segmentSize).path(to: target, from: extent) {
        case .found(let found): path = found
        case .none(let code, let reason, let hint):
            return TargetVerdict(.unreachable, code, reason, hint: hint, backup: id)
        }
        let replay = Replay(
            path: path,
            extent: extent,
            segmentSize: analysis.catalog.wal.segmentSize,
            systemIdentifier: assessment.backup.details?.systemIdentifier.flatMap { UInt64($0) }
        )
        let (outcome, trace) = try await replay.run(to: target, reading: source)
        let wal = RecoveryPath(along: path, from: extent.firstSegment, in: analysis.catalog.wal)
        var verdict = Judgement(target: target, assessment: assessment, extent: extent, path: path, wal: wal)
            .verdict(outcome, trace)
        if verdict.answer == .reachable, outcome == .stopped, let last = trace.last,
            (assessment.backup.details?.version ?? 150_000) >= 150_000,
            let name = try await replay.wrongSizeAhead(of: last.start, reading: source)
        {
            verdict = TargetVerdict(
                .undetermined,
                .walDamaged,
                "the target lies before \(name), which has a wrong size; PostgreSQL may read ahead to it and fail",
                hint: "restore with recovery_prefetch = off, or remove the damaged object"
            )
        }
        verdict.backup = id
        verdict.path = path.legs.map(\.timeline).drop { $0 != extent.beginTimeline }.map { $0 }
        verdict.firstSegment = WALSegmentName(
            timeline: path.timeline(of: extent.firstSegment),
            number: extent.firstSegment,
            size: analysis.catalog.wal.segmentSize
        )
        verdict.lastSegment = trace.segment
        verdict.segments = trace.segments
        if [.walGap, .walGapInBackup].contains(verdict.code) {
            verdict.missing = wal.missing(through: max(wal.last ?? 0, extent.lastSegment))
        }
        verdict.before = trace.before
        verdict.after = trace.after
        if verdict.answer == .reachable, let doubt = doubt(about: assessment) {
            verdict.answer = .undetermined
            verdict.code = .evidenceIncomplete
            verdict.reason = "the WAL leads there, but \(doubt)"
            verdict.hint = "restore it for a test"
        }
        return verdict
    }

    /// What keeps a recovery that the WAL allows from being a sure one, nil where nothing does.
    private func doubt(about assessment: BackupAssessment) -> String? {
        let id = assessment.backup.id
        if !analysis.catalog.suspicions.isEmpty { return "the store's listing contradicted itself" }
        if assessment.backup.data.isComplete == nil { return "whether backup \(id) is whole, the listing cannot tell" }
        if assessment.backup.details?.parentBackupID != nil {
            return "backup \(id) is incremental and needs its parents"
        }
        if assessment.sharesServer { return "backups of another system lie under the same server" }
        return nil
    }
}
