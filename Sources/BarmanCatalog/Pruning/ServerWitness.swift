public import ObjectStorage
public import PostgresWAL

/// What one listing has shown of a server, small enough to be held against another listing: totals of backups, and WAL as
/// ranges of segments.
public struct ServerWitness: Sendable {
    /// What the earlier of two listings had and the later one lacks, or has otherwise.
    public enum Loss: Hashable, Sendable {
        /// Some of a backup's objects, or all.
        case backup(BackupID)
        /// None of a backup's objects, but some are others than before.
        case replaced(BackupID)
        /// Segments, whole files or `.partial`.
        case segments(TimelineID, ClosedRange<UInt64>)
        /// A timeline's history file.
        case history(TimelineID)
        /// The label of a base backup.
        case label(BackupHistoryFile)
        /// So many objects of WAL, of segments of which another one is still there.
        case twins(Int)
    }

    private var backups: [BackupID: BackupTotals] = [:]
    private var segments = SegmentSet()
    private var histories: Set<TimelineID> = []
    private var labels: Set<BackupHistoryFile> = []
    /// The objects of segments, nil where a catalog has not counted them.
    private var walObjects: Int?
    /// Only objects of these segments are counted, nil for all.
    private let counted: SegmentSet?
    private let size: WALSegmentSize

    /// What the listing showed that a catalog was loaded from.
    public init(of catalog: BackupCatalog) {
        counted = nil
        size = catalog.wal.segmentSize
        for backup in catalog.backups { backups[backup.id] = backup.totals }
        for run in catalog.wal.everything { segments.insert(run.timeline, run.segments) }
        for partial in catalog.wal.partials {
            guard let number = partial.name.number(size: size) else { continue }
            segments.insert(partial.name.timeline, number...number)
        }
        histories = Set(catalog.histories.keys)
        labels = Set(catalog.wal.backupHistories)
    }

    /// What a listing shows that is still to come: ``add(_:_:)`` takes its objects.
    ///
    /// - Parameters:
    ///   - size: the size of a segment.
    ///   - earlier: the listing that it is to be held against, so that WAL which has come since is not counted.
    public init(size: WALSegmentSize, after earlier: ServerWitness? = nil) {
        self.size = size
        counted = earlier?.segments
        walObjects = 0
    }

    /// Takes an object of the listing.
    public mutating func add(_ entry: ArchiveEntry, _ object: ObjectSummary) {
        switch entry.subject {
        case .backup(let id, let part):
            switch part {
            case .info: backups[id, default: BackupTotals()].info.add(object)
            case .annotation: backups[id, default: BackupTotals()].annotations.add(object)
            case .label, .tar: backups[id, default: BackupTotals()].data.add(object)
            case .other: break
            }
        case .wal(let file, isInPlace: true):
            switch file.kind {
            case .segment(let name), .partial(let name):
                guard let number = name.number(size: size) else { return }
                segments.insert(name.timeline, number...number)
                if counted?.contains(name.timeline, number) ?? true { walObjects? += 1 }
            case .timelineHistory(let timeline): histories.insert(timeline)
            case .backupHistory(let segment, let offset):
                labels.insert(BackupHistoryFile(segment: segment, offset: offset))
            }
        case .wal(_, isInPlace: false), .other: break
        }
    }

    /// What a later listing lacks, or has otherwise, of these backups; what it lacks of the others and of all WAL.
    ///
    /// What it has beside is nothing odd.
    ///
    /// - Parameters:
    ///   - later: the other listing.
    ///   - compared: which backups are compared. Those that are under way change by themselves.
    public func losses(in later: ServerWitness, ofBackups compared: Set<BackupID>) -> [Loss] {
        var losses = compared.union(backups.keys).sorted().compactMap { loss(of: $0, in: later) }
            .filter { if case .replaced(let id) = $0 { compared.contains(id) } else { true } }
        for timeline in segments.timelines {
            for range in segments.ranges(of: timeline) {
                losses += later.segments.missing(from: range, of: timeline).map { .segments(timeline, $0) }
            }
        }
        losses += histories.subtracting(later.histories).sorted().map { .history($0) }
        let lost = labels.subtracting(later.labels)
        losses += lost.sorted { ($0.segment, $0.offset) < ($1.segment, $1.offset) }.map { .label($0) }
        if losses.isEmpty, let walObjects, let now = later.walObjects, now < walObjects {
            losses.append(.twins(walObjects - now))
        }
        return losses
    }

    private func loss(of backup: BackupID, in later: ServerWitness) -> Loss? {
        let (before, now) = (backups[backup] ?? BackupTotals(), later.backups[backup] ?? BackupTotals())
        guard before != now else { return nil }
        let isLess =
            now.info.objects < before.info.objects || now.data.objects < before.data.objects
            || now.annotations.objects < before.annotations.objects
        return isLess ? .backup(backup) : .replaced(backup)
    }
}

extension ServerWitness.Loss {
    /// What has become of it, as a sentence.
    public func sentence(size: WALSegmentSize) -> String {
        if case .replaced(let id) = self { return "an object of backup \(id) was replaced" }
        return "\(what(size: size)) was listed, and is not there any more"
    }

    private func what(size: WALSegmentSize) -> String {
        switch self {
        case .backup(let id), .replaced(let id): "an object of backup \(id)"
        case .segments(let timeline, let range):
            range.count == 1
                ? "WAL segment \(WALSegmentName(timeline: timeline, number: range.lowerBound, size: size))"
                : "\(range.count) WAL segments from \(WALSegmentName(timeline: timeline, number: range.lowerBound, size: size)) on"
        case .history(let timeline): "\(timeline.historyFileName)"
        case .twins(let count): "\(count) of several objects of WAL segments"
        case .label(let file): "the label of the base backup that begins in \(file.segment)"
        }
    }
}
