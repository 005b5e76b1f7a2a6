internal import BarmanCatalog
internal import PostgresWAL

/// Finds the recoveries that each backup of a catalog allows.
struct RouteFinder {
    let catalog: BackupCatalog
    let tree: TimelineTree

    /// How many database systems the backups are of.
    private let systems: Int

    /// The paths worth asking for: those that end at a tip, or at a timeline that has the segment of its last fork
    /// or a later one, which no path to a child reads.
    private let tips: [TimelineID]

    init(catalog: BackupCatalog) {
        self.catalog = catalog
        let tree = TimelineTree(of: catalog)
        self.tree = tree
        self.systems = Set(catalog.backups.compactMap(\.details?.systemIdentifier)).count
        self.tips = tree.nodes.map(\.timeline).filter { timeline in
            guard let fork = tree.lastFork(from: timeline) else { return true }
            let size = catalog.wal.segmentSize
            return catalog.wal.runs(of: timeline).contains { $0.segments.upperBound >= size.segmentNumber(of: fork) }
        }
    }

    /// What the catalog says about restoring `backup`.
    func assess(_ backup: BaseBackup) -> BackupAssessment {
        var assessment = BackupAssessment(backup: backup)
        guard let details = backup.details,
            let extent = BackupExtent(of: details, size: catalog.wal.segmentSize)
        else { return assessment }
        assessment.extent = extent
        assessment.sharesServer = systems > 1
        assessment.lacksParent =
            details.parentBackupID.map { parent in !catalog.backups.contains { $0.id == BackupID(parent) } } ?? false
        assessment.contradictsItself =
            !details.allows(catalog.wal.segmentSize)
            || !extent.agrees(with: details, size: catalog.wal.segmentSize)
        let latest = tree.latest(from: extent.beginTimeline)
        assessment.latest = latest
        assessment.routes = paths(latest, extent).filter { extent.lies(on: $0) }.map { path in
            let wal = RecoveryPath(along: path, from: extent.firstSegment, in: catalog.wal)
            return RecoveryRoute(
                wal: wal,
                isLatest: latest == .timeline(path.target),
                isConsistent: wal.missing(through: extent.lastSegment).isEmpty
            )
        }
        assessment.missingWAL = missing(of: extent, on: assessment.routes)
        return assessment
    }

    /// The path to a timeline, nil where its history cannot be used.
    ///
    /// A backup's own timeline needs no history file, or may have an empty one: PostgreSQL then takes it for one
    /// without a past.
    func path(to timeline: TimelineID, from own: TimelineID) -> TimelinePath? {
        guard let node = tree[timeline] else { return nil }
        if let history = node.history { return TimelinePath(to: history, size: catalog.wal.segmentSize) }
        guard timeline == own, node.state != .invalid || node.isWithoutPast else { return nil }
        return TimelinePath(of: timeline)
    }

    /// The paths to try from a backup, that of `latest` first, each once.
    private func paths(_ latest: TimelineTree.Latest, _ extent: BackupExtent) -> [TimelinePath] {
        var targets: [TimelineID] = []
        if case .timeline(let timeline) = latest { targets.append(timeline) }
        for tip in tips + [extent.endTimeline] where !targets.contains(tip) { targets.append(tip) }
        return targets.compactMap { path(to: $0, from: extent.beginTimeline) }
    }

    /// What the backup itself lacks on the route that has the most of it.
    ///
    /// What is behind the end of one route may lie before the end of another, and is then lost, not late.
    private func missing(of extent: BackupExtent, on routes: [RecoveryRoute]) -> [MissingSegments] {
        // Without a route its own timeline shows what is there of it.
        let own = TimelinePath(of: extent.beginTimeline)
        let paths =
            routes.isEmpty
            ? [RecoveryPath(along: own, from: extent.firstSegment, in: catalog.wal)] : routes.map(\.wal)
        let gaps = paths.flatMap(\.gaps)
        let candidates = paths.map { path in
            path.missing(through: extent.lastSegment).map { missing in
                var missing = missing
                missing.isBehindHead = missing.isBehindHead && !gaps.contains { $0.overlaps(missing) }
                return missing
            }
        }
        return candidates.min { $0.weight < $1.weight } ?? []
    }
}

extension [MissingSegments] {
    /// How bad it is: what is lost weighs more than what may still come.
    fileprivate var weight: (UInt64, UInt64) {
        reduce(into: (0, 0)) { weight, missing in
            let count = missing.segments.upperBound - missing.segments.lowerBound + 1
            if missing.isBehindHead { weight.1 += count } else { weight.0 += count }
        }
    }
}

extension TimelineTree {
    /// The last position at which another timeline left this one, nil where none did.
    func lastFork(from timeline: TimelineID) -> LSN? {
        children(of: timeline).compactMap { $0.origin?.switchPoint }.max()
    }
}
