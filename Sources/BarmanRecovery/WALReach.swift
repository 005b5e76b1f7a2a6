internal import BarmanCatalog
internal import PostgresWAL

/// Which WAL some backup can use, and which none can.
struct WALReach {
    /// WAL that no backup can use, nil where an unreadable backup might need it.
    let orphans: [WALRun]?

    /// WAL of timelines behind the last fork from them, where `latest` does not stay on the timeline.
    let abandoned: [WALRun]

    init(catalog: BackupCatalog, routes: RouteFinder) {
        let size = catalog.wal.segmentSize
        abandoned = catalog.wal.runs.compactMap { run in
            guard let fork = routes.tree.lastFork(from: run.timeline),
                routes.tree.latest(from: run.timeline) != .timeline(run.timeline)
            else { return nil }
            return run.part(from: size.firstSegment(behind: fork))
        }
        guard !catalog.backups.contains(where: \.isUnreadable) else {
            orphans = nil
            return
        }
        let starts = Self.firstUsed(catalog, routes)
        orphans = catalog.wal.runs.compactMap { run in
            // Where a timeline came from is not known, a backup of an older one may need it.
            guard routes.tree[run.timeline]?.hasKnownPast == true else { return nil }
            guard let start = starts[run.timeline] else { return run }
            return run.part(before: start)
        }
    }

    /// The first segment of each timeline that some backup can use.
    private static func firstUsed(_ catalog: BackupCatalog, _ routes: RouteFinder) -> [TimelineID: UInt64] {
        var starts: [TimelineID: UInt64] = [:]
        let inBucket = catalog.backups.compactMap(\.details).compactMap { details -> (TimelineID, LSN)? in
            guard details.status.mayNeedWAL, let first = details.beginWAL, let begin = details.beginLSN else {
                return nil
            }
            return (first.timeline, begin)
        }
        let elsewhere = catalog.elsewhere.compactMap { backup in
            backup.begin(size: catalog.wal.segmentSize).map { (backup.timeline, $0) }
        }
        for (timeline, begin) in inBucket + elsewhere {
            let segment = catalog.wal.segmentSize.segmentNumber(of: begin)
            // Its own timeline counts whatever its history says: a history file can be put back.
            starts[timeline] = min(starts[timeline] ?? .max, segment)
            for node in routes.tree.nodes {
                guard let path = routes.path(to: node.timeline, from: timeline),
                    let own = path.leg(on: timeline), own.positions.contains(begin)
                else { continue }
                for leg in path.legs where leg.timeline >= timeline {
                    let start = max(leg.segments.lowerBound, segment)
                    guard start < leg.segments.upperBound else { continue }
                    starts[leg.timeline] = min(starts[leg.timeline] ?? .max, start)
                }
            }
        }
        return starts
    }
}

extension WALSegmentSize {
    /// The first segment of which nothing lies before the fork.
    fileprivate func firstSegment(behind fork: LSN) -> UInt64 {
        fork.rawValue == 0 ? 0 : segmentNumber(of: LSN(rawValue: fork.rawValue - 1)) + 1
    }
}

extension BackupStatus {
    /// Whether a backup of this status is, or may become, one to restore.
    var mayNeedWAL: Bool {
        switch self {
        case .done, .started, .waitingForWALs, .syncing, .other: true
        case .failed, .empty: false
        }
    }
}

extension WALRun {
    /// The part of the run from a segment on; its bytes are shared out evenly, as runs know no more.
    fileprivate func part(from segment: UInt64) -> WALRun? {
        guard segments.upperBound >= segment else { return nil }
        return narrowed(to: max(segments.lowerBound, segment)...segments.upperBound)
    }

    /// The part of the run before a segment.
    fileprivate func part(before segment: UInt64) -> WALRun? {
        guard segments.lowerBound < segment else { return nil }
        return narrowed(to: segments.lowerBound...min(segments.upperBound, segment - 1))
    }

    private func narrowed(to range: ClosedRange<UInt64>) -> WALRun {
        var part = self
        part.segments = range
        let share = Double(range.upperBound - range.lowerBound + 1) / Double(count)
        part.bytes = range == segments ? bytes : Int64(Double(bytes) * share)
        return part
    }
}
