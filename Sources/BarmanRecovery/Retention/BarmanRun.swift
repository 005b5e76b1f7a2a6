internal import BarmanCatalog
internal import PostgresWAL

/// What `barman-cloud-backup-delete --retention-policy` 3.19.1 does, one obsolete backup after the other.
struct BarmanRun: Sendable {
    /// The deletion of one backup.
    struct Step: Sendable {
        var backup: BackupID
        var tars: BarmanTars
        var isSnapshot: Bool
    }

    /// The steps in their order.
    private(set) var steps: [Step] = []

    /// Which WAL goes with which backup, in the same order.
    private(set) var walSteps: [(backup: BackupID, wal: BarmanWALStep)] = []

    private var stepOf: [BackupID: Int] = [:]

    /// Why it ends with an error behind the last of the steps, nil where it comes to its end.
    private(set) var stop: BarmanStop?

    init(catalog: BackupCatalog, report: RetentionReport) {
        stop = report.barmanStop
        guard stop == nil else { return }
        // Ids of directories without backup.info are not in Barman's catalog.
        var left = catalog.backups.filter { $0.details != nil }.sorted { $0.id < $1.id }
        var timelines: [TimelineID: Int] = [:]
        for timeline in left.compactMap(\.details?.timeline) { timelines[timeline, default: 0] += 1 }
        let obsolete = Set(report.rows.filter { $0.status == .obsolete }.map(\.backup.id))
        var index = 0
        while index < left.count {
            let backup = left[index]
            guard obsolete.contains(backup.id) else {
                index += 1
                continue
            }
            let tars = BarmanTars(of: backup)
            guard !tars.areUnsortable else {
                stop = .unsortableTars(backup.id)
                return
            }
            stepOf[backup.id] = steps.count
            steps.append(Step(backup: backup.id, tars: tars, isSnapshot: backup.details?.isSnapshot == true))
            do {
                let kinds = timelines.filter { $0.value > 0 }.keys
                if let step = try BarmanWALStep(deleting: index, of: left, timelines: kinds, wal: catalog.wal) {
                    walSteps.append((backup.id, step))
                }
            } catch {
                stop = error.stop
                return
            }
            if let timeline = backup.details?.timeline { timelines[timeline, default: 0] -= 1 }
            left.remove(at: index)
        }
    }

    /// Whether an object goes, and with which backup.
    func deletion(of entry: ArchiveEntry) -> Deletion? {
        if case .backup(let id, let part) = entry.subject {
            return deletion(of: part, id, entry.name)
        }
        // Barman reads the list of WAL once, behind the first deletion of directories.
        let first = walSteps.first?.wal
        let isListed = entry.laterTwins.allSatisfy { twin in
            twin.flatMap { directory in first?.deletesAll(in: directory) } ?? false
        }
        for (backup, wal) in walSteps {
            if entry.directory.map(wal.deletesAll) == true || isListed && wal.deletes(entry) {
                return Deletion(reason: .deletedWith(backup), turn: .init(backup: nil, phase: .data))
            }
        }
        return nil
    }

    private func deletion(of part: ArchiveEntry.BackupPart, _ id: BackupID, _ name: [UInt8]) -> Deletion? {
        guard let step = stepOf[id].map({ steps[$0] }) else { return nil }
        let reason = RetentionReason.deletedWith(id)
        switch part {
        case .info: return Deletion(reason: reason, turn: .init(backup: id, phase: .info))
        case .label where step.isSnapshot: return Deletion(reason: reason, turn: .init(backup: id, phase: .data))
        // Barman leaves annotations where they are.
        case .label, .annotation: return nil
        case .tar, .other:
            return step.tars.deletes(name) ? Deletion(reason: reason, turn: .init(backup: id, phase: .data)) : nil
        }
    }

    /// The segments of which no object is left.
    func segments(of wal: WALInventory) -> SegmentSet {
        var gone = SegmentSet()
        var named = SegmentSet()
        for (_, step) in walSteps {
            step.insertWhole(of: wal, into: &gone)
            step.insertNamed(of: wal, into: &named)
        }
        // Of several objects of one segment Barman knows only one.
        var doubled = SegmentSet()
        for run in wal.duplicates { doubled.insert(run.timeline, run.segments) }
        for timeline in named.timelines {
            for range in named.ranges(of: timeline).flatMap({ doubled.missing(from: $0, of: timeline) }) {
                gone.insert(timeline, range)
            }
        }
        return gone
    }
}
