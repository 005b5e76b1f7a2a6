public import ObjectStorage
internal import PostgresWAL

/// Tells what the keys of a server's listing are.
public struct ArchiveEntryReader: Sendable {
    private let catalog: BackupCatalog
    private let prefix: [UInt8]
    private let annotationPrefix: [UInt8]?
    private let passedOver: Set<ObjectKey>
    private let misplaced: [[UInt8]: [Misplaced]]
    private let segments: SegmentSet
    private let partials: Set<WALSegmentName>
    private let backupHistories: Set<BackupHistoryFile>

    private struct Misplaced: Hashable {
        var path: [UInt8]
        var directory: ArchiveEntry.Directory?
    }

    /// A reader for the server of a catalog.
    public init(of catalog: BackupCatalog) {
        self.catalog = catalog
        let prefix = catalog.prefix.bytes
        self.prefix = prefix
        self.annotationPrefix = BarmanLayout.withDoubledSlash(prefix).map { $0 + Self.base }
        self.passedOver = Set(catalog.walTwins.passedOver)
        let start = prefix.count + Self.wals.count
        var misplaced: [[UInt8]: [Misplaced]] = [:]
        for key in catalog.walTwins.misplaced where key.bytes.count > start {
            let path = Array(key.bytes[start...])
            let twin = Misplaced(path: path, directory: Self.directory(of: path))
            misplaced[Self.name(of: path), default: []].append(twin)
        }
        self.misplaced = misplaced
        let hasMisplaced = !misplaced.isEmpty
        var segments = SegmentSet()
        if hasMisplaced {
            for run in catalog.wal.everything { segments.insert(run.timeline, run.segments) }
        }
        self.segments = segments
        self.partials = hasMisplaced ? Set(catalog.wal.partials.map(\.name)) : []
        self.backupHistories = hasMisplaced ? Set(catalog.wal.backupHistories) : []
    }

    /// Where the server's objects lie, in ascending order.
    var prefixes: [ObjectKey] {
        [annotationPrefix, prefix].compactMap { $0.map { ObjectKey(bytes: $0) } }
    }

    /// What the object of a key is, nil where it belongs to no backup and no WAL of this server.
    public func entry(for key: ObjectKey) -> ArchiveEntry? {
        let bytes = key.bytes
        if bytes.starts(with: prefix) {
            guard !isOfNestedServer(key) else { return nil }
            let rest = bytes.dropFirst(prefix.count)
            if rest.starts(with: Self.wals) { return walEntry(key, from: prefix.count + Self.wals.count) }
            if rest.starts(with: Self.base) { return backupEntry(key, from: prefix.count + Self.base.count) }
        }
        if let annotationPrefix, bytes.starts(with: annotationPrefix),
            let entry = backupEntry(key, from: annotationPrefix.count),
            case .backup(_, .annotation) = entry.subject
        {
            return entry
        }
        return nil
    }

    /// Whether the object belongs to a server whose directory lies below `base/` or `wals/` of this one.
    ///
    /// Barman would take its WAL for that of this server; the catalog does not, so a plan must not.
    func isOfNestedServer(_ key: ObjectKey) -> Bool {
        guard key.bytes.starts(with: prefix) else { return false }
        let place = BarmanLayout.place(of: key.bytes.span, from: prefix.count)
        return place.map { $0.serverEnd > prefix.count } ?? false
    }

    /// Whether it is WAL, or a backup, of a server below `wals/` of this one, where Barman looks for WAL in every
    /// directory.
    func isTakenForWAL(_ key: ObjectKey) -> Bool {
        guard key.bytes.dropFirst(prefix.count).starts(with: Self.wals), isOfNestedServer(key) else { return false }
        return BarmanLayout.place(of: key.bytes.span, from: prefix.count)?.isCertain ?? false
    }

    private func walEntry(_ key: ObjectKey, from start: Int) -> ArchiveEntry {
        var entry = ArchiveEntry(key: key, subject: .other, name: [], directory: nil, laterTwins: [])
        let role = BarmanLayout.walRole(of: key.bytes.span, from: start)
        guard case .wal(let file, _, let isInPlace) = role else {
            entry.directory = Self.directory(of: Array(key.bytes[start...]))
            return entry
        }
        entry.subject = .wal(file, isInPlace: isInPlace)
        entry.directory = isInPlace ? file.directory : Self.directory(of: Array(key.bytes[start...]))
        if isInPlace, passedOver.contains(key) { entry.laterTwins.append(entry.directory) }
        guard !isInPlace || !misplaced.isEmpty else { return entry }
        let path = Array(key.bytes[start...])
        let name = Self.name(of: path)
        if !isInPlace { entry.name = name }
        let others = misplaced[name] ?? []
        entry.laterTwins += others.filter { path.lexicographicallyPrecedes($0.path) }.map(\.directory)
        if !isInPlace, hasInPlace(file), path.lexicographicallyPrecedes(Array(file.path.utf8)) {
            entry.laterTwins.append(file.directory)
        }
        return entry
    }

    private func backupEntry(_ key: ObjectKey, from start: Int) -> ArchiveEntry? {
        var entry = ArchiveEntry(key: key, subject: .other, name: [], directory: nil, laterTwins: [])
        guard case .backup(let id, let object) = BackupLayout.role(of: key.bytes.span, from: start) else {
            return entry
        }
        entry.name = Array(key.bytes[(id.upperBound + 1)...])
        let part: ArchiveEntry.BackupPart =
            switch object {
            case .info: .info
            case .keep: .annotation
            case .label: .label
            case .tar: .tar
            case .strayPart, .unknown: BackupLayout.tarOfAnyFormat(entry.name.span) == nil ? .other : .tar
            }
        entry.subject = .backup(BackupID(bytes: Array(key.bytes[id])), part)
        return entry
    }

    /// Whether a file of this name lies in its place; one in lower case never does.
    private func hasInPlace(_ file: WALFileName) -> Bool {
        guard file.isUpperCase else { return false }
        switch file.kind {
        case .partial(let name): return partials.contains(name)
        case .backupHistory(let name, let offset):
            return backupHistories.contains(BackupHistoryFile(segment: name, offset: offset))
        case .timelineHistory(let timeline): return catalog.histories[timeline] != nil
        case .segment(let name):
            return name.number(size: catalog.wal.segmentSize).map { segments.contains(name.timeline, $0) } ?? false
        }
    }

    private static let wals = Array("wals/".utf8)
    private static let base = Array("base/".utf8)

    /// The first directory of a path below `wals/`; Barman takes both cases of digits.
    private static func directory(of path: [UInt8]) -> ArchiveEntry.Directory? {
        guard path.count > 16, path[16] == BarmanLayout.slash,
            case .segment(let name)? = WALFileName(Array(path[..<16]) + Array("00000000".utf8))?.kind
        else { return nil }
        return ArchiveEntry.Directory(timeline: name.timeline, log: name.log)
    }

    /// The last part of a path without its compression suffix.
    private static func name(of path: [UInt8]) -> [UInt8] {
        let start = path.lastIndex(of: BarmanLayout.slash).map { $0 + 1 } ?? 0
        let last = Array(path[start...])
        return last.span.withoutCompressionSuffix().stem.copy
    }
}

extension WALFileName {
    /// The directory that the file belongs in, nil for a timeline history, which has none.
    fileprivate var directory: ArchiveEntry.Directory? {
        switch kind {
        case .segment(let name), .partial(let name), .backupHistory(let name, _):
            ArchiveEntry.Directory(timeline: name.timeline, log: name.log)
        case .timelineHistory: nil
        }
    }
}
