internal import PostgresWAL

/// Finds the path that `recovery_target_timeline` makes a recovery take.
struct TargetPath {
    /// A path, or why there is none.
    enum Result {
        case found(TimelinePath)
        case none(TargetVerdict.Code, reason: String, hint: String?)
    }

    let tree: TimelineTree
    let size: WALSegmentSize

    func path(to target: RecoveryTarget, from extent: BackupExtent) -> Result {
        let own = extent.beginTimeline
        let wanted: TimelineID
        switch target.timeline {
        case .current: wanted = own
        case .number(let timeline):
            // PostgreSQL asks for the history file of a timeline that is named by number, even of the backup's own.
            let isThere = tree[timeline].map { $0.state == .present || $0.state == .invalid } ?? false
            guard timeline == .first || isThere else {
                return .none(
                    .timelineNotFound,
                    reason: "recovery target timeline \(timeline) does not exist: its history file is not archived",
                    hint: "see cellarman wals for the timelines that are there"
                )
            }
            wanted = timeline
        case .latest:
            switch tree.latest(from: own) {
            case .timeline(let timeline): wanted = timeline
            case .invalidHistory(let timeline): return invalid(timeline)
            }
        }
        let path: TimelinePath
        if let history = tree[wanted]?.history {
            path = TimelinePath(to: history, size: size)
        } else if tree[wanted]?.state == .invalid, tree[wanted]?.isWithoutPast != true {
            return invalid(wanted)
        } else {
            path = TimelinePath(of: wanted)
        }
        guard extent.lies(on: path) else {
            return .none(
                .backupNotOnTimeline,
                reason: "the backup on timeline \(own) is not on the way to timeline \(wanted)",
                hint: "choose another backup, or ask for timeline \(own)"
            )
        }
        return .found(path)
    }

    private func invalid(_ timeline: TimelineID) -> Result {
        .none(
            .historyInvalid,
            reason: "the history file of timeline \(timeline) cannot be used",
            hint: "replace it by the one in pg_wal of an instance, or ask for the backup's own timeline"
        )
    }
}

extension TimelinePath {
    /// The timeline that a position belongs to.
    func owner(of position: LSN) -> TimelineID {
        legs.last { $0.positions.contains(position) }?.timeline ?? target
    }

    /// The timeline that a segment has to come from.
    func timeline(of segment: UInt64) -> TimelineID {
        legs.last { $0.segments.lowerBound <= segment }?.timeline ?? target
    }
}
