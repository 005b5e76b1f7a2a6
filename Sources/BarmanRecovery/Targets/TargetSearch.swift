internal import BarmanCatalog
public import PostgresWAL

/// Finds out whether a recovery target can be reached, by replaying the WAL without writing anything.
///
/// It reads only through a `WALSource`, and mostly little: names show that the chain is unbroken, what decides is
/// looked for in it, and the replay begins shortly before.
public struct TargetSearch: Sendable {
    let analysis: RecoveryAnalysis
    private let source: any WALSource
    private let evidence: WALEvidence
    private let mostReadInFull: UInt64

    // Segments behind the target that are opened only because PostgreSQL would read ahead to them, and how many more
    // it may come to where they hold little: of those it counts what the listing knows.
    private static let mostReadAhead: UInt64 = 11
    private static let mostAhead: UInt64 = 512

    /// A search in the archive of an analysis.
    public init(_ analysis: RecoveryAnalysis, reading source: any WALSource, evidence: WALEvidence = .records) {
        self.init(analysis, reading: source, evidence: evidence, mostReadInFull: evidence.mostReadInFull)
    }

    /// A search that reads no chain in full that is longer than so many segments.
    package init(
        _ analysis: RecoveryAnalysis,
        reading source: any WALSource,
        evidence: WALEvidence,
        mostReadInFull: UInt64
    ) {
        self.analysis = analysis
        self.source = source
        self.evidence = evidence
        self.mostReadInFull = mostReadInFull
    }

    /// Whether `target` can be reached from the backup that is selected.
    ///
    /// - Throws: where WAL could not be looked at. WAL that is damaged, or of another version, is a verdict.
    public func verdict(on target: RecoveryTarget, from selection: BackupSelection) async throws -> TargetVerdict {
        if let unjudged = analysis.catalog.unjudged(from: selection) { return unjudged }
        let chooser = BackupChooser(assessments: analysis.assessments, target: target)
        let shared = SharedReplays(segmentSize: size, source: source)
        var best: TargetVerdict?
        for candidate in chooser.candidates(selection) {
            let verdict = try await verdict(on: target, from: candidate, shared)
            if verdict.answer == .reachable { return advised(verdict, target, selection) }
            // The newest backup says best why not, unless an older one leaves it open.
            if best == nil || best?.answer == .unreachable && verdict.answer == .undetermined { best = verdict }
        }
        var verdict = best ?? chooser.nothingToChoose(selection)
        verdict.evidence = evidence == .names ? .names : .records
        if verdict.answer == .unreachable { verdict.after = nextConsistency(behind: target) }
        return try await withAlternative(verdict, target, selection, shared)
    }

    func verdict(
        on target: RecoveryTarget,
        from assessment: BackupAssessment,
        _ shared: SharedReplays
    ) async throws -> TargetVerdict {
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
        switch TargetPath(tree: analysis.tree, size: size).path(to: target, from: extent) {
        case .found(let found): path = found
        case .none(let code, let reason, let hint):
            return TargetVerdict(.unreachable, code, reason, hint: hint, backup: id)
        }
        let wal = RecoveryPath(along: path, from: extent.firstSegment, in: analysis.catalog.wal)
        let judgement = Judgement(
            target: target,
            assessment: assessment,
            extent: extent,
            path: path,
            wal: wal,
            size: size
        )
        var verdict: TargetVerdict
        if evidence == .names {
            verdict = NamesJudgement(target: target, extent: extent, wal: wal, catalog: analysis.catalog).verdict
            verdict.lastSegment = wal.end.map { name($0.segment, path) }
            verdict.segments = wal.end.map { $0.segment - extent.firstSegment + 1 } ?? 0
        } else {
            do {
                verdict = try await replayed(judgement, shared)
            } catch let error as WALError {
                verdict = TargetVerdict(
                    .undetermined,
                    .evidenceIncomplete,
                    "the WAL cannot be read: \(error)",
                    hint: "the version of PostgreSQL that wrote it can tell, by a restore"
                )
            }
        }
        if verdict.code == .switchSegmentMissing, analysis.catalog.wal.runs(of: path.target).isEmpty {
            verdict.hint =
                "timeline \(path.target) has no WAL yet, as right after a promotion: ask again when its first segment "
                + "is archived, and do not restore across this fork before"
        }
        verdict.backup = id
        verdict.path = path.legs.map(\.timeline).drop { $0 != extent.beginTimeline }.map { $0 }
        verdict.firstSegment = name(extent.firstSegment, path)
        verdict.bytes = wal.bytes(of: verdict.segments, in: analysis.catalog.wal)
        if [.walGap, .walGapInBackup].contains(verdict.code) || target.kind == .latest && verdict.answer == .reachable {
            verdict.missing = wal.missing(through: max(wal.last ?? 0, extent.lastSegment))
            verdict.missingSince = wal.gaps.map(\.followedAt).min() ?? assessment.backup.details?.endTime
        }
        return verdict
    }

    private func replayed(_ judgement: Judgement, _ shared: SharedReplays) async throws -> TargetVerdict {
        let (target, extent) = (judgement.target, judgement.extent)
        let way = SharedReplays.Way(
            path: judgement.path,
            systemIdentifier: judgement.assessment.systemIdentifier
        )
        let reader = shared.reader(of: way)
        defer { reader.release() }
        let choice = try await start(for: judgement, reader)
        let rule = StopRule(target: target, fullXID: choice.fullXID)
        let replay = Replay(reader: reader, extent: extent, known: shared.end(of: way, by: rule), idle: choice.idle)
        if choice.start == .backup { readAhead(replay, judgement) }
        var (outcome, trace) = try await replay.run(by: rule, from: choice.start)
        if choice.start != .backup, trace.last == nil {
            // Nothing lay before the target there, as in the middle of a record that is longer than a segment.
            (outcome, trace) = try await replay.run(by: rule)
        } else if trace.before == nil, case .segment(let first) = choice.start {
            trace.before = try await lastTransaction(before: first, extent, reader)
        }
        if let before = trace.before, case .segment = choice.start, rule.stops(at: before.time) {
            // It should have stopped there: the times are not in order.
            (outcome, trace) = try await replay.run(by: rule)
        }
        shared.remember(outcome, trace, of: way, by: rule)
        var judgement = judgement
        judgement.damage = Replay.damage(outcome, trace, through: judgement.wal.end?.segment)
        var verdict = judgement.verdict(outcome, trace)
        if verdict.answer == .reachable, outcome == .stopped, let last = trace.last,
            (judgement.assessment.backup.details?.version ?? 150_000) >= 150_000,
            let name = try await wrongSizeAhead(of: last.start, replay, judgement)
        {
            verdict = TargetVerdict(
                .undetermined,
                .walDamaged,
                "the target lies before \(name), which has a wrong size; PostgreSQL may read ahead to it and fail",
                hint: "restore with recovery_prefetch = off, or remove the damaged object"
            )
        }
        verdict.damage = judgement.damage.map { [$0] } ?? []
        verdict.lastSegment = trace.segment
        verdict.segments = trace.number.map { $0 - extent.firstSegment + 1 } ?? 0
        verdict.opened = reader.opened.count { number in
            number >= extent.firstSegment && trace.number.map { number <= $0 } ?? false
        }
        verdict.before = trace.before
        verdict.after = trace.after
        if verdict.answer == .reachable, let doubt = doubt(about: judgement.assessment) {
            verdict.answer = .undetermined
            verdict.code = .evidenceIncomplete
            verdict.reason = "the WAL leads there, but \(doubt)"
            verdict.hint = "restore it for a test"
        }
        return verdict
    }
}

extension TargetSearch {
    private var size: WALSegmentSize { analysis.catalog.wal.segmentSize }

    private func name(_ number: UInt64, _ path: TimelinePath) -> WALSegmentName {
        WALSegmentName(timeline: path.timeline(of: number), number: number, size: size)
    }

    private func start(for judgement: Judgement, _ reader: PathReader) async throws -> ReplayStart.Choice {
        guard evidence == .records, let end = judgement.wal.end, end.segment >= judgement.extent.lastSegment else {
            return ReplayStart.Choice()
        }
        let start = ReplayStart(
            target: judgement.target,
            extent: judgement.extent,
            reader: reader,
            mostReadInFull: mostReadInFull
        )
        return try await start.choose(in: judgement.extent.firstSegment...end.segment)
    }

    /// Fetches in parallel what is read in a row, where it is known how far.
    private func readAhead(_ replay: Replay, _ judgement: Judgement) {
        let end = replay.known?.joint.segment?.number(size: size) ?? judgement.wal.end?.segment
        switch judgement.target.kind {
        case .immediate: replay.reader.readAhead(through: judgement.extent.lastSegment)
        case .name, .latest: replay.reader.readAhead(through: end)
        case .time, .lsn, .xid: replay.reader.readAhead(through: evidence == .full ? end : nil)
        }
    }

    /// The segment of a wrong size that PostgreSQL would come to by reading ahead, nil where none is known.
    private func wrongSizeAhead(
        of start: LSN,
        _ replay: Replay,
        _ judgement: Judgement
    ) async throws -> WALSegmentName? {
        let wal = analysis.catalog.wal
        switch try await replay.ahead(of: start, most: evidence == .full ? .max : Self.mostReadAhead) {
        case .clear: return nil
        case .wrongSize(let name): return name
        case .unread(let number):
            guard number < .max - Self.mostAhead else { return nil }
            for next in number...number + Self.mostAhead {
                let timeline = judgement.path.timeline(of: next)
                if wal.unusableCount(of: timeline, in: next...next) > 0 { return name(next, judgement.path) }
                guard wal.run(of: timeline, containing: next) != nil else { return nil }
            }
            return nil
        }
    }

    /// The last transaction that ended between the backup's begin and a segment.
    private func lastTransaction(
        before segment: UInt64,
        _ extent: BackupExtent,
        _ reader: PathReader
    ) async throws -> TargetVerdict.Neighbour? {
        guard segment > extent.firstSegment else { return nil }
        let tail = try await ChainTail(of: extent.firstSegment...segment - 1, isOpen: false, in: reader)
        return tail.lastTransaction?.lastTransaction.flatMap { $0.lsn >= extent.begin ? $0 : nil }
    }

    /// What keeps a recovery that the WAL allows from being a sure one, nil where nothing does.
    private func doubt(about assessment: BackupAssessment) -> String? {
        let id = assessment.backup.id
        if let suspicion = analysis.catalog.suspicions.first { return "the store's listing is suspect: \(suspicion)" }
        if assessment.backup.data.isComplete == nil { return "whether backup \(id) is whole, the listing cannot tell" }
        if assessment.backup.details?.parentBackupID != nil {
            return "backup \(id) is incremental and needs its parents"
        }
        if assessment.sharesServer { return "backups of another system lie under the same server" }
        return nil
    }
}
