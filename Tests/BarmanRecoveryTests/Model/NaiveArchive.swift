/// What PostgreSQL needs, told anew and segment by segment, to hold `RecoveryAnalysis` against.
///
/// It knows no runs, no ranges and no legs: an archive is a set of (timeline, segment), and every question is
/// answered by walking from one segment to the next as PostgreSQL does. Positions are counted in eighths of a
/// segment, so that a fork, the begin and the end of a backup can lie before or behind each other inside of one.
struct NaiveArchive {
    /// A timeline left its parent at a position.
    struct Fork: Hashable {
        var child: Int
        var parent: Int
        var at: Int
    }

    /// A finished backup, from the redo position of its checkpoint to its end.
    struct Backup: Hashable {
        var beginTimeline: Int
        var begin: Int
        var endTimeline: Int
        var end: Int
    }

    /// A set of segments of timelines 1 to 3, of which each may have 16.
    struct Segments: Hashable {
        var bits: UInt64 = 0

        func contains(_ timeline: Int, _ segment: Int) -> Bool {
            bits >> UInt64(timeline * 16 + segment) & 1 == 1
        }

        mutating func insert(_ timeline: Int, _ segment: Int) {
            bits |= 1 << UInt64(timeline * 16 + segment)
        }

        mutating func formUnion(_ other: Segments) { bits |= other.bits }

        func subtracting(_ other: Segments) -> Segments { Segments(bits: bits & ~other.bits) }
    }

    var present = Segments()
    var forks: [Fork] = []
    /// The timelines whose history file is in the archive.
    var histories: Set<Int> = []
    var backups: [Backup] = []
    /// No segment is present behind this one.
    var top = 15

    static let timelines = 1...3

    /// The timelines that a recovery to `target` reads, oldest first, and where each begins.
    ///
    /// The history file of the target lists all of them. Without the file a target does not exist, except that
    /// a backup's own timeline is then taken for one without parents.
    func lineage(to target: Int, own: Int) -> [(timeline: Int, begin: Int)]? {
        if target > 1, !histories.contains(target) {
            return target == own ? [(target, 0)] : nil
        }
        var lineage: [(timeline: Int, begin: Int)] = []
        var timeline = target
        while let fork = forks.first(where: { $0.child == timeline }) {
            lineage.insert((timeline, fork.at), at: 0)
            timeline = fork.parent
        }
        lineage.insert((timeline, 0), at: 0)
        return lineage
    }

    /// `latest`: asks for the history file of one number after the other, and stops at the first missing one.
    func latest(from timeline: Int) -> Int {
        var newest = timeline
        while histories.contains(newest + 1) { newest += 1 }
        return newest
    }

    /// What a recovery from a backup to a timeline does, nil where PostgreSQL refuses to begin.
    func recover(_ backup: Backup, to target: Int) -> NaiveRecovery? {
        guard let lineage = lineage(to: target, own: backup.beginTimeline) else { return nil }
        // "requested timeline is not a child of this server's history": the begin and the record before the end
        // must lie on the timelines that the backup says they lie on.
        let owner = { (position: Int) in lineage.last { $0.begin <= position }?.timeline }
        guard owner(backup.begin) == backup.beginTimeline, owner(backup.end - 1) == backup.endTimeline
        else { return nil }
        return NaiveRecovery(of: self, lineage, from: backup.begin / 8, through: (backup.end - 1) / 8)
    }

    /// Segments that no backup can use, neither themselves nor an earlier one of the same timeline.
    ///
    /// A backup always counts for its own timeline. Where a timeline came from is not known, an older backup may
    /// need any of its segments.
    var orphans: Segments {
        var used = [16, 16, 16, 16]
        for backup in backups {
            used[backup.beginTimeline] = min(used[backup.beginTimeline], backup.begin / 8)
            for target in Self.timelines {
                guard let lineage = lineage(to: target, own: backup.beginTimeline),
                    lineage.last(where: { $0.begin <= backup.begin })?.timeline == backup.beginTimeline
                else { continue }
                for segment in backup.begin / 8...15 {
                    let timeline = lineage.last { $0.begin / 8 <= segment }?.timeline ?? 0
                    used[timeline] = min(used[timeline], segment)
                }
            }
        }
        var orphans = Segments()
        for timeline in Self.timelines where timeline == 1 || histories.contains(timeline) {
            for segment in 0..<used[timeline] where present.contains(timeline, segment) {
                orphans.insert(timeline, segment)
            }
        }
        return orphans
    }

    /// Segments wholly behind the last fork from their timeline, where `latest` does not stay on it.
    var abandoned: Segments {
        var abandoned = Segments()
        for timeline in Self.timelines where latest(from: timeline) != timeline {
            let known = forks.filter { $0.parent == timeline && histories.contains($0.child) }
            guard let last = known.map(\.at).max() else { continue }
            for segment in 0...15 where segment * 8 >= last && present.contains(timeline, segment) {
                abandoned.insert(timeline, segment)
            }
        }
        return abandoned
    }
}

/// A recovery from one backup to one timeline, segment by segment.
struct NaiveRecovery {
    /// How many segments it reads before the first that is missing.
    private(set) var read = 0
    /// The timeline and the number of the last segment that it reads.
    private(set) var last: (timeline: Int, segment: Int)?
    /// What it reads.
    private(set) var segments: [UInt8] = []
    /// What it needs and does not find, while a later segment on its way is there.
    private(set) var gaps = NaiveArchive.Segments()
    /// Holes at the child's copy of a switch segment that PostgreSQL fills with an older timeline's.
    private(set) var standIns = NaiveArchive.Segments()
    /// What it needs to become consistent and does not find.
    private(set) var missing = NaiveArchive.Segments()
    /// The timelines on its way.
    let timelines: [Int]

    /// Whether it becomes consistent.
    var isConsistent: Bool { missing.bits == 0 }

    init(
        of archive: NaiveArchive,
        _ lineage: [(timeline: Int, begin: Int)],
        from first: Int,
        through lastNeeded: Int
    ) {
        timelines = lineage.map(\.timeline)
        // The newest timeline that begins in this segment or before it; an older one is no substitute.
        let wanted = { (segment: Int) in lineage.last { $0.begin / 8 <= segment } ?? (0, 0) }
        let end = max(lastNeeded, archive.top)
        var lastThere = -1
        for segment in first...end where archive.present.contains(wanted(segment).timeline, segment) {
            lastThere = segment
        }
        var isUnbroken = true
        var current = 0
        for segment in first...end {
            let (timeline, begin) = wanted(segment)
            let isSwitch = timeline != lineage.first?.timeline && segment == begin / 8
            if archive.present.contains(timeline, segment) {
                if isUnbroken {
                    read += 1
                    last = (timeline, segment)
                    segments.append(UInt8(timeline * 16 + segment))
                }
                current = timeline
                continue
            }
            isUnbroken = false
            if segment <= lastNeeded { missing.insert(timeline, segment) }
            guard segment < lastThere else { continue }
            gaps.insert(timeline, segment)
            // XLogFileReadAnyTLI tries older timelines, but none older than the one it has read from.
            let isFilled = lineage.contains {
                $0.timeline < timeline && $0.timeline >= current && $0.begin / 8 <= segment
                    && archive.present.contains($0.timeline, segment)
            }
            if isSwitch, isFilled { standIns.insert(timeline, segment) }
        }
    }
}

extension NaiveArchive: CustomStringConvertible {
    /// The archive drawn in a line, positions with their eighths.
    var description: String {
        let timelines = Self.timelines.map { timeline in
            let segments = (0...15).filter { present.contains(timeline, $0) }.map(String.init)
            return "\(timeline): \(segments.joined(separator: ","))"
        }
        let forks = forks.map { "\($0.child) from \($0.parent)@\($0.at / 8).\($0.at % 8)" }
        let histories = "histories \(histories.sorted())"
        let backups = backups.map { backup in
            "base \(backup.beginTimeline):\(backup.begin / 8).\(backup.begin % 8)"
                + "-\(backup.endTimeline):\(backup.end / 8).\(backup.end % 8)"
        }
        return (timelines + forks + [histories] + backups).joined(separator: " / ")
    }
}
