public import BarmanCatalog
public import PostgresWAL

/// Whether a backup can be restored at all, as far as the listing can tell.
public struct BackupAssessment: Hashable, Sendable {
    /// The backup.
    public var backup: BaseBackup

    /// The first and the last position that the backup needs, nil where `backup.info` does not say.
    public var extent: BackupExtent?

    /// Whether timeline, WAL names, positions and segment size of its `backup.info` do not fit each other.
    public var contradictsItself = false

    /// Whether backups of another system lie under the same server, so that nobody knows whose WAL it is.
    public var sharesServer = false

    /// Whether it is incremental and the backup that it builds on is not there.
    public var lacksParent = false

    /// The segments that are missing between its begin and its end, on the path that has the most of them.
    public var missingWAL: [MissingSegments] = []

    /// WAL of the backup itself that was opened and cannot be used.
    public var damagedWAL: [WALDamage] = []

    /// What recoveries from it can reach, the one to `latest` first; empty where PostgreSQL would refuse each.
    public var routes: [RecoveryRoute] = []

    /// What a recovery to `latest` from it would do, nil where its timeline is not known.
    public var latest: TimelineTree.Latest?

    /// Whether the backup's own timeline is on the way to what `latest` means for it.
    public var isOnLatest: Bool { routes.first?.isLatest ?? false }

    /// Whether nothing in the listing speaks against restoring it; nil where the listing does not decide.
    ///
    /// It says nothing about content that was not opened: a listing shows names and sizes only.
    public var isRestorable: Bool? {
        guard backup.details?.isComplete == true, extent != nil, !contradictsItself else { return false }
        guard !routes.isEmpty, !lacksParent, damagedWAL.isEmpty else { return false }
        guard backup.data.isComplete != false else { return false }
        if !missingWAL.isEmpty {
            return missingWAL.allSatisfy(\.isBehindHead) ? nil : false
        }
        // An incremental backup needs its parents combined with it.
        guard backup.details?.parentBackupID == nil, !sharesServer else { return nil }
        return backup.data.isComplete
    }
}

/// The WAL that a backup itself needs to become consistent.
public struct BackupExtent: Hashable, Sendable {
    /// The timeline on which it began.
    public var beginTimeline: TimelineID
    /// The timeline on which it ended: another one if a promotion came in between.
    public var endTimeline: TimelineID
    /// Where replay begins.
    public var begin: LSN
    /// Where it is consistent.
    public var end: LSN
    /// The number of the first segment needed.
    public var firstSegment: UInt64
    /// The number of the last segment needed.
    public var lastSegment: UInt64

    /// The extent that `backup.info` gives, nil where it is not complete.
    init?(of details: BackupInfo, size: WALSegmentSize) {
        guard details.status == .done, let beginWAL = details.beginWAL, let endWAL = details.endWAL,
            let begin = details.beginLSN, let end = details.endLSN, begin < end
        else { return nil }
        beginTimeline = beginWAL.timeline
        endTimeline = endWAL.timeline
        self.begin = begin
        self.end = end
        firstSegment = size.segmentNumber(of: begin)
        // An end on a boundary needs nothing of the segment that begins there, which Barman calls end_wal.
        lastSegment = size.segmentNumber(of: LSN(rawValue: end.rawValue - 1))
    }

    /// Whether timeline, names of the WAL files and positions fit each other at this segment size.
    func agrees(with details: BackupInfo, size: WALSegmentSize) -> Bool {
        let lastNamed = details.endWAL?.number(size: size)
        guard details.timeline == nil || details.timeline == beginTimeline, beginTimeline <= endTimeline else {
            return false
        }
        return details.beginWAL?.number(size: size) == firstSegment
            && (lastNamed == lastSegment || lastNamed == size.segmentNumber(of: end))
    }

    /// Whether a recovery along `path` comes through all of the backup.
    func lies(on path: TimelinePath) -> Bool {
        guard let first = path.leg(on: beginTimeline), let last = path.leg(on: endTimeline) else { return false }
        return first.positions.contains(begin) && end > last.positions.lowerBound && end <= last.positions.upperBound
    }
}
