public import BarmanCatalog
internal import ObjectStorage
internal import PostgresWAL

/// How a plan tells whether a key goes.
enum DeletionRule: Sendable {
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
    /// Whether Barman's own command, by the same policy, would delete the object.
    public func isDeletedByBarman(_ entry: ArchiveEntry) -> Bool { barman.deletion(of: entry) != nil }

    /// Why Barman's own command would end with an error behind what it deletes, nil where it would not.
    public var barmanStop: BarmanStop? { barman.stop }

    /// Whether an object goes, and why; nil where it stays.
    ///
    /// It depends on nothing but the plan and the key, so that a listing can be streamed through it. In the order of
    /// their ``Deletion/turn`` the objects go oldest backup first, data before `backup.info`, then WAL. The `backup.info`
    /// of the backups that the WAL is deleted with goes last of all: as long as it is there, a plan made anew knows
    /// whose the WAL was. A plan that is refused says what would go, and nothing may be deleted on it.
    public func deletion(of entry: ArchiveEntry) -> Deletion? {
        switch rule {
        case .exact(let rule): rule.deletion(of: entry)
        case .barman(let run): run.deletion(of: entry)
        }
    }
}

/// The exact plan, asked about a key.
struct ExactRule: Sendable {
    private let reasons: [BackupID: RetentionReason]
    private let known: Set<BackupID>
    private let anchors: Set<BackupID>
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
        anchors = segments.isEmpty ? [] : Self.anchors(of: catalog, Set(gone.map(\.backup)))
        self.segments = segments
        size = catalog.wal.segmentSize
        takesOrphans = inclusions.contains(.orphans)
    }

    /// Of the backups that go the first of each timeline: no other could use WAL that none of these can.
    private static func anchors(of catalog: BackupCatalog, _ gone: Set<BackupID>) -> Set<BackupID> {
        var first: [TimelineID: (begin: LSN, backup: BackupID)] = [:]
        for backup in catalog.backups where gone.contains(backup.id) {
            guard let details = backup.details, details.status.mayNeedWAL, let begin = details.beginLSN,
                let timeline = details.beginWAL?.timeline, first[timeline].map({ begin < $0.begin }) ?? true
            else { continue }
            first[timeline] = (begin, backup.id)
        }
        return Set(first.values.map(\.backup))
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
        case .info:
            let owner = anchors.contains(id) ? nil : id
            return Deletion(reason: reason, turn: .init(backup: owner, phase: .info))
        case .other: return nil
        }
    }
}
