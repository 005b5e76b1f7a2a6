public import BarmanCatalog
internal import PostgresWAL

/// The proof of a plan key by key: which objects the windows of the backups that stay stand on.
///
/// Windows are compared by names, as upper bounds, which alone would say nothing of what the WAL holds inside. But
/// all that a recovery reads are the objects of its backup, history files, and the WAL along its path: where none of
/// these goes, it ends where it ended before, whatever they hold. This is reckoned from the windows alone, and does
/// not trust what the plan says that it deletes.
struct WindowGuard: Sendable {
    private let backups: Set<BackupID>
    /// The segments along the windows.
    private(set) var segments = SegmentSet()
    // Of a segment that is there whole no `.partial` is wanted, but one behind the end may be all there is.
    private var partials = SegmentSet()

    /// The guard of the backups that stay; of those that are kept standalone only themselves.
    init(of analysis: RecoveryAnalysis, keeping kept: Set<BackupID>, standalone: Set<BackupID>) {
        backups = kept
        for assessment in analysis.assessments
        where kept.contains(assessment.backup.id) && assessment.isRestorable != false {
            for route in assessment.routes where route.isConsistent {
                guard let extent = assessment.extent, let end = route.wal.end else { continue }
                let isAlone = standalone.contains(assessment.backup.id)
                add(route, through: isAlone ? extent.lastSegment : end.segment)
                if !isAlone, end.segment < .max { partials.insert(route.target, end.segment + 1...end.segment + 1) }
            }
        }
    }

    private mutating func add(_ route: RecoveryRoute, through last: UInt64) {
        for leg in route.wal.path.legs where !leg.segments.isEmpty {
            let (lower, upper) = (max(leg.segments.lowerBound, route.wal.start), min(leg.segments.upperBound - 1, last))
            if lower <= upper { segments.insert(leg.timeline, lower...upper) }
        }
    }

    /// Whether a recovery from a backup that stays may read the object.
    func needs(_ entry: ArchiveEntry, size: WALSegmentSize) -> Bool {
        switch entry.subject {
        case .backup(let id, _): backups.contains(id)
        case .wal(let file, isInPlace: true):
            switch file.kind {
            case .segment(let name): name.number(size: size).map { segments.contains(name.timeline, $0) } ?? false
            case .partial(let name): name.number(size: size).map { partials.contains(name.timeline, $0) } ?? false
            case .backupHistory: false
            case .timelineHistory: true
            }
        // A restore looks for WAL in its place alone.
        case .wal(_, isInPlace: false), .other: false
        }
    }
}

extension RetentionPlan {
    /// Whether a recovery from a backup that stays may read the object, so that a plan that deletes it is wrong.
    ///
    /// It is reckoned from the windows before, independently of ``deletion(of:)``: whoever deletes asks both.
    public func protects(_ entry: ArchiveEntry) -> Bool { windowGuard.needs(entry, size: segmentSize) }
}
