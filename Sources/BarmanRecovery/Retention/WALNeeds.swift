internal import BarmanCatalog
internal import PostgresWAL

/// The WAL that some backups need, on every way that a recovery from them can take.
struct WALNeeds {
    /// The segments, whether the archive has them or not.
    private(set) var segments = SegmentSet()

    /// The first backup of which it is not known from where on it needs WAL.
    private(set) var unknown: BackupID?

    private let routes: RouteFinder
    private let size: WALSegmentSize

    init(_ routes: RouteFinder) {
        self.routes = routes
        self.size = routes.catalog.wal.segmentSize
    }

    /// Adds what a backup needs; of one that is only kept for itself, nothing behind its end.
    mutating func add(_ assessment: BackupAssessment, standalone: Bool) {
        let backup = assessment.backup
        // A backup.info without a status may be the beginning of one that was cut off.
        guard let details = backup.details, details.status.mayNeedWAL || details.status == .empty else { return }
        guard let first = details.beginWAL, let begin = details.beginLSN,
            details.allows(size), details.timeline ?? first.timeline == first.timeline,
            first.number(size: size) == size.segmentNumber(of: begin)
        else {
            unknown = unknown ?? backup.id
            return
        }
        if details.status == .done {
            guard let extent = assessment.extent, !assessment.contradictsItself else {
                unknown = unknown ?? backup.id
                return
            }
            if standalone { return add(extent) }
        }
        add(from: begin, on: first.timeline)
    }

    /// Adds what a base backup elsewhere needs: everything from its begin on.
    mutating func add(_ backup: BackupElsewhere) {
        guard let begin = backup.begin(size: size) else { return }
        add(from: begin, on: backup.timeline)
    }

    /// Everything behind `begin`, on every timeline that a recovery from there can ask for.
    private mutating func add(from begin: LSN, on own: TimelineID) {
        let segment = size.segmentNumber(of: begin)
        // Its own timeline counts whatever its history says: a history file can be put back.
        segments.insert(own, segment...UInt64.max)
        for node in routes.tree.nodes {
            guard let path = routes.path(to: node.timeline, from: own),
                let leg = path.leg(on: own), leg.positions.contains(begin)
            else { continue }
            for leg in path.legs
            where leg.timeline >= own && max(leg.segments.lowerBound, segment) < leg.segments.upperBound {
                // All of the leg's timeline, not of the leg alone: the timeline is itself worth a recovery.
                segments.insert(leg.timeline, max(leg.segments.lowerBound, segment)...UInt64.max)
            }
        }
    }

    /// What makes a backup consistent, and no more.
    private mutating func add(_ extent: BackupExtent) {
        let needed = extent.firstSegment...extent.lastSegment
        segments.insert(extent.beginTimeline, needed)
        segments.insert(extent.endTimeline, needed)
        for node in routes.tree.nodes {
            guard let path = routes.path(to: node.timeline, from: extent.beginTimeline), extent.lies(on: path)
            else { continue }
            for leg in path.legs where !leg.segments.isEmpty {
                let own = leg.segments.lowerBound...leg.segments.upperBound - 1
                if own.overlaps(needed) { segments.insert(leg.timeline, own.clamped(to: needed)) }
            }
        }
    }
}
