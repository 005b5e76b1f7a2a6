internal import ObjectStorage
internal import PostgresWAL

extension BackupCatalog {
    /// What an object of a later listing shows that this catalog was loaded without and that would have changed what
    /// may be deleted, nil where it shows nothing of the kind.
    ///
    /// A backup that has begun meanwhile is newer than all others and changes nothing. An older one was left out of
    /// the first listing, or its `backup.info` was, and nobody has asked what WAL it needs.
    public func news(in entry: ArchiveEntry) -> String? {
        guard case .backup(let id, let part) = entry.subject else { return nil }
        guard let backup = backups.first(where: { $0.id == id }) else {
            let annotations = orphanAnnotations.filter { $0.backup == id }
            if annotations.contains(where: { $0.key == entry.key }) { return nil }
            guard !annotations.isEmpty || backups.last.map({ id < $0.id }) ?? false else { return nil }
            return "backup \(id) was not listed at first, and now is: \(entry.key)"
        }
        switch part {
        case .annotation where !backup.keeps.contains { $0.key == entry.key }:
            return "backup \(id) was not annotated at first, and now is: \(entry.key)"
        case .info where backup.info == .missing && !mayBeUnderWay(backup):
            return "backup.info of \(id) was not listed at first, and now is: \(entry.key)"
        default: return nil
        }
    }

    /// Whether a backup without `backup.info` may be one that is being made: no finished one is newer, and nobody has
    /// annotated it.
    func mayBeUnderWay(_ backup: BaseBackup) -> Bool {
        let finished = backups.filter { $0.details?.status == .done }.map(\.id).max()
        return backup.keeps.isEmpty && finished.map { backup.id > $0 } ?? true
    }
}

/// Holds a later listing against a catalog while it comes in: what it shows beside what was known, and would have changed
/// what may be deleted.
public struct ListingNews {
    private let catalog: BackupCatalog
    private let labels: Set<BackupHistoryFile>
    /// The youngest timeline that the catalog knows.
    private let youngest: TimelineID
    private var first: String?
    private var newLabels: [(file: BackupHistoryFile, number: UInt64)] = []
    private var lastGoing: UInt64?

    /// Nothing has come in yet.
    public init(since catalog: BackupCatalog) {
        self.catalog = catalog
        labels = Set(catalog.wal.backupHistories)
        let ofBackups = catalog.backups.compactMap(\.details?.timeline)
        youngest = (catalog.wal.timelines + Array(catalog.histories.keys) + ofBackups).max() ?? .first
    }

    /// Takes an object of the listing.
    public mutating func see(_ entry: ArchiveEntry, isGoing: Bool) {
        if first == nil { first = catalog.news(in: entry) }
        guard case .wal(let file, isInPlace: true) = entry.subject else { return }
        switch file.kind {
        case .segment(let name), .partial(let name):
            guard isGoing, let number = name.number(size: catalog.wal.segmentSize) else { return }
            lastGoing = max(lastGoing ?? number, number)
        case .backupHistory(let segment, let offset):
            let label = BackupHistoryFile(segment: segment, offset: offset)
            guard !labels.contains(label), let number = segment.number(size: catalog.wal.segmentSize) else { return }
            newLabels.append((label, number))
        case .timelineHistory(let timeline):
            // One of a younger timeline has come with a promotion.
            guard first == nil, timeline > .first, timeline <= youngest, catalog.histories[timeline] == nil else {
                return
            }
            first = "the history file of timeline \(timeline) was not listed at first, and now is"
        }
    }

    /// What it has shown, nil where that changes nothing.
    ///
    /// A label that came meanwhile is newer than all WAL that goes. An older one may tell of a base backup elsewhere,
    /// whose WAL nobody has kept.
    public var news: String? {
        if let first { return first }
        guard let lastGoing, let label = newLabels.first(where: { $0.number <= lastGoing })?.file else { return nil }
        return "the label of a base backup that begins in \(label.segment) was not listed at first, and now is"
    }
}

/// A listing that has more of what is chosen than the one before, or less, or other objects: nothing was deleted on it.
public struct ChoiceChanged: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was chosen.
    public var planned: ObjectTotal
    /// What is there now.
    public var listed: ObjectTotal

    /// Both, in words.
    public var description: String {
        guard planned.objects != listed.objects || planned.bytes != listed.bytes else {
            return
                "the archive has changed: of the \(planned.objects) objects that were to be deleted some are others now"
        }
        return
            "the archive has changed: \(planned.objects) objects of \(planned.bytes) bytes were to be deleted, and now "
            + "it would be \(listed.objects) of \(listed.bytes) bytes"
    }
}

/// What speaks against a deletion that was about to begin: nothing of the server was deleted.
public struct DeletionRefused: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of thing.
    public enum Reason: Hashable, Sendable {
        /// The archive is not any more what the plan was made of.
        case changed
        /// The store contradicts itself.
        case contradiction
        /// An answer came out of a cache.
        case cached
    }

    /// What kind of thing.
    public var reason: Reason
    /// What was found.
    public var description: String

    /// A refusal for this reason.
    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
