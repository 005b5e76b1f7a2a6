public import BarmanCatalog
public import PostgresWAL

/// What can be restored of one server, concluded from its catalog alone: no store, no network, no clock.
public struct RecoveryAnalysis: Sendable {
    /// What was found.
    public let catalog: BackupCatalog

    /// The timelines and their forks.
    public let tree: TimelineTree

    /// The backups, by id, with what stands against each.
    public private(set) var assessments: [BackupAssessment]

    /// The holes that a recovery from some backup would come to, by timeline and number.
    public let gaps: [WALGap]

    /// What can be restored, by backup, the path of `latest` first.
    public private(set) var windows: [RecoveryWindow]

    /// WAL that was opened and cannot be used; empty where none was opened.
    public private(set) var damage: [WALDamage] = []

    /// Why WAL that was opened could not be judged, nil where all of it could be.
    public private(set) var unreadable: WALError?

    /// WAL that no backup can use: before the oldest backup, or on a timeline that no backup reaches.
    ///
    /// Nil where an unreadable backup might need it; never WAL of a timeline whose history is missing.
    public let orphans: [WALRun]?

    /// WAL of timelines behind the last fork from them: reachable only by asking for that timeline.
    public let abandoned: [WALRun]

    /// Concludes what the catalog allows to conclude.
    public init(of catalog: BackupCatalog) {
        let routes = RouteFinder(catalog: catalog)
        self.catalog = catalog
        tree = routes.tree
        assessments = catalog.backups.map(routes.assess)
        gaps = Self.gaps(in: assessments)
        windows = assessments.flatMap { assessment in
            assessment.routes.compactMap {
                RecoveryWindow(of: assessment, along: $0, size: catalog.wal.segmentSize)
            }
        }
        let reach = WALReach(catalog: catalog, routes: routes)
        orphans = reach.orphans
        abandoned = reach.abandoned
    }

    /// The same with what the WAL itself said.
    public func refined(by evidence: RecordEvidence) -> RecoveryAnalysis {
        var refined = self
        refined.windows = evidence.windows
        refined.damage = evidence.damage
        refined.unreadable = evidence.unreadable
        for index in assessments.indices {
            refined.assessments[index].damagedWAL = evidence.lostBackups[assessments[index].backup.id] ?? []
        }
        return refined
    }

    /// Every hole once, those left out that retention has made behind a backup that is kept standalone.
    ///
    /// Retention deletes WAL behind such a backup up to the begin of the next one that is not; any other hole behind
    /// it is a loss.
    /// Two recoveries may see different parts of one hole: from a backup that begins inside of it, or along a
    /// path that leaves the timeline there.
    private static func gaps(in assessments: [BackupAssessment]) -> [WALGap] {
        var seen: Set<WALGap> = []
        for assessment in assessments where assessment.backup.details?.isComplete == true {
            for gap in assessment.routes.flatMap(\.wal.gaps) {
                if !isMadeByRetention(gap, behind: assessment, assessments) { seen.insert(gap) }
            }
        }
        let sorted = seen.sorted { ($0.timeline, $0.segments.lowerBound) < ($1.timeline, $1.segments.lowerBound) }
        return sorted.reduce(into: []) { gaps, gap in
            if let last = gaps.last, last.overlaps(gap) {
                gaps[gaps.count - 1] = last.joined(with: gap)
            } else {
                gaps.append(gap)
            }
        }
    }

    private static func isMadeByRetention(
        _ gap: WALGap,
        behind standalone: BackupAssessment,
        _ assessments: [BackupAssessment]
    ) -> Bool {
        guard standalone.backup.keep == .standalone, !gap.parentStandsIn, let extent = standalone.extent,
            gap.segments.lowerBound > extent.lastSegment
        else { return false }
        return assessments.contains { other in
            other.backup.keep != .standalone && other.backup.details?.status == .done
                && other.extent.map { $0.beginTimeline >= gap.timeline && $0.firstSegment > gap.segments.upperBound }
                    ?? false
        }
    }
}
