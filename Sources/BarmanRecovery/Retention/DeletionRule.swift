public import BarmanCatalog
internal import ObjectStorage
internal import PostgresWAL

/// How a plan tells whether a key goes.
enum DeletionRule: Sendable {
    /// None does.
    case nothing
    /// By what is known of the whole catalog.
    case exact(ExactRule)
    /// Step by step, as Barman goes about it.
    case barman(BarmanRun)
}

/// That an object goes, why, and when its turn is.
public struct Deletion: Hashable, Sendable {
    /// Why it goes.
    public var reason: RetentionReason

    /// When its turn is.
    public var turn: DeletionTurn
}

extension RetentionPlan {
    /// Whether an object goes, and why; nil where it stays.
    ///
    /// It depends on nothing but the plan and the key, so that a listing can be streamed through it. In the order of
    /// their ``Deletion/turn`` the objects go oldest backup first, data before `backup.info`, WAL last.
    public func deletion(of entry: ArchiveEntry) -> Deletion? {
        switch rule {
        case .nothing: nil
        case .exact(let rule): rule.deletion(of: entry)
        case .barman(let run): run.deletion(of: entry)
        }
    }
}

/// The exact plan, asked about a key.
struct ExactRule: Sendable {
    private let reasons: [BackupID: RetentionReason]
    private let known: Set<BackupID>
    private let segments: SegmentSet
    private let size: WALSegmentSize
    private let takesOrphans: Bool

    init(
        catalog: BackupCatalog,
        decisions: [RetentionPlan.Decision],
        _ segments: SegmentSet,
        _ inclusions: RetentionPlan.Inclusions
    ) {
        let gone = decisions.filter { $0.action == .delete }
        reasons = Dictionary(
            gone.compactMap { decision in decision.reasons.last.map { (decision.backup, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        known = Set(catalog.orphanAnnotations.map(\.backup))
        self.segments = segments
        size = catalog.wal.segmentSize
        takesOrphans = inclusions.contains(.orphans)
    }

    func deletion(of entry: ArchiveEntry) -> Deletion? {
        // No store would be asked to delete it, and a plan should come to its end.
        guard !entry.key.refusesDeletion else { return nil }
        return switch entry.subject {
        case .wal(let file, _): deletion(of: file)
        case .backup(let id, let part): deletion(of: part, id)
        case .other: nil
        }
    }

    private func deletion(of file: WALFileName) -> Deletion? {
        let name: WALSegmentName
        switch file.kind {
        case .segment(let segment), .partial(let segment), .backupHistory(let segment, _): name = segment
        // They say where each timeline came from, and `latest` counts them: they stay.
        case .timelineHistory: return nil
        }
        guard let number = name.number(size: size), segments.contains(name.timeline, number) else { return nil }
        return Deletion(reason: .notNeeded, turn: .init(backup: nil, phase: .data))
    }

    private func deletion(of part: ArchiveEntry.BackupPart, _ id: BackupID) -> Deletion? {
        guard let reason = reasons[id] else {
            guard part == .annotation, takesOrphans, known.contains(id) else { return nil }
            return Deletion(reason: .orphanAnnotation, turn: .init(backup: nil, phase: .annotation))
        }
        switch part {
        case .tar, .label: return Deletion(reason: reason, turn: .init(backup: id, phase: .data))
        case .annotation: return Deletion(reason: .annotation(of: id), turn: .init(backup: id, phase: .annotation))
        case .info: return Deletion(reason: reason, turn: .init(backup: id, phase: .info))
        case .other: return nil
        }
    }
}
