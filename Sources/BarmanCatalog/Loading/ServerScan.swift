internal import ObjectStorage
internal import PostgresWAL

/// What the listing has shown of one server so far.
struct ServerScan {
    /// The server's directory, with its slash.
    let prefix: [UInt8]

    /// The directory of its WAL, with its slash: most keys of a bucket begin with it.
    let walPrefix: [UInt8]

    /// Whether any key had a shape that only Barman gives it.
    private(set) var isCertain = false

    private(set) var wal = WALInventory.Builder()
    private(set) var backups: [BackupID: BackupScan] = [:]
    private(set) var histories: [HistoryScan] = []
    private(set) var labels: [LabelScan] = []
    /// An object that only the home of a Barman server has.
    private(set) var barmanServerHome: ObjectKey?
    private(set) var usage = Usage()
    private(set) var unknown = ObjectTally()
    private(set) var misplaced = ObjectTally()
    private(set) var twins = WALTwins.Builder()

    init(prefix: [UInt8]) {
        self.prefix = prefix
        self.walPrefix = prefix + Array("wals/".utf8)
    }

    /// Whether nothing but keep annotations was seen.
    var hasOnlyAnnotations: Bool {
        usage.total.objects == usage[.annotation].objects
    }

    /// Adds an object below `wals/`; the part of its key from `walPrefix` on has this role.
    mutating func add(_ role: ObjectRole, at index: Int, of page: ObjectPage) {
        let size = page.size(at: index)
        switch role {
        case .wal(let file, let format, let isInPlace):
            isCertain = true
            usage.add(file.usageClass, bytes: size)
            guard isInPlace else {
                misplaced.add(page.key(at: index), size: size)
                twins.addMisplaced(page.key(at: index))
                return
            }
            twins.add(file, format, below: walPrefix)
            if case .timelineHistory(let timeline) = file.kind {
                histories.append(
                    HistoryScan(timeline: timeline, format: format, object: page.summary(at: index))
                )
            } else {
                if case .backupHistory(let segment, let offset) = file.kind, labels.count < LabelScan.most {
                    let file = BackupHistoryFile(segment: segment, offset: offset)
                    labels.append(LabelScan(file: file, format: format, object: page.summary(at: index)))
                }
                wal.add(file, format, size: size, modified: page.lastModified(at: index))
            }
        case .backup(let id, let object):
            isCertain = isCertain || object != .unknown && object != .strayPart
            usage.add(object.usageClass, bytes: size)
            if object == .unknown || object == .strayPart { unknown.add(page.key(at: index), size: size) }
            let key = page.key(at: index)
            let name = BackupID(bytes: key.extracting(id).copy)
            let rest = key.extracting(id.upperBound + 1..<key.count)
            let isTar = BackupLayout.tarOfAnyFormat(rest) != nil
            backups[name, default: BackupScan(id: name)].add(object, page.summary(at: index), isTar: isTar)
            backups[name]?.add(name: rest.copy)
            if object == .unknown, Self.isOfDataDirectory(rest) { noteBarmanServerHome(key) }
        case .directoryMarker:
            isCertain = true
            usage.add(.unknown, bytes: size)
        case .unknown:
            let key = page.key(at: index)
            if key.extracting(walPrefix.count..<key.count).equals("xlog.db") { noteBarmanServerHome(key) }
            addUnknown(key, size: size)
        }
    }

    /// Whether the name of an object of a backup is one that a data directory has which was copied file by file, as
    /// Barman's server does and its cloud commands never do.
    private static func isOfDataDirectory(_ name: Span<UInt8>) -> Bool {
        name.equals("data/PG_VERSION") || name.equals("data/global/pg_control") || name.equals("data/backup_label")
    }

    private mutating func noteBarmanServerHome(_ key: Span<UInt8>) {
        if barmanServerHome == nil { barmanServerHome = ObjectKey(bytes: key.copy) }
    }

    /// Adds an object that Barman does not write.
    mutating func addUnknown(_ key: Span<UInt8>, size: Int64) {
        usage.add(.unknown, bytes: size)
        unknown.add(key, size: size)
    }

    /// Adds objects that lie beside `base/` and `wals/`.
    mutating func addUnknown(_ tally: ObjectTally) {
        usage.add(.unknown, objects: tally.objects, bytes: tally.bytes)
        unknown.add(tally)
    }

    /// Takes over the annotations of the directory that the doubled slash makes.
    mutating func adoptAnnotations(of other: ServerScan) {
        usage.add(other.usage)
        for (id, scan) in other.backups {
            for keep in scan.keeps { backups[id, default: BackupScan(id: id)].add(.keep, keep) }
        }
    }

    /// Adds what was scanned of the keys behind those that were seen.
    ///
    /// Where a listing is cut, all objects of one WAL file are on the same side.
    mutating func append(_ next: ServerScan) {
        isCertain = isCertain || next.isCertain
        wal.append(next.wal)
        for (id, scan) in next.backups { backups[id, default: BackupScan(id: id)].append(scan) }
        histories += next.histories
        labels += next.labels.prefix(LabelScan.most - labels.count)
        barmanServerHome = barmanServerHome ?? next.barmanServerHome
        usage.add(next.usage)
        unknown.add(next.unknown)
        misplaced.add(next.misplaced)
        twins.append(next.twins)
    }

    /// Ends the scan of the WAL.
    mutating func finish() {
        wal.finish()
    }
}

extension WALFileName {
    /// The class that usage counts the file in.
    fileprivate var usageClass: Usage.Class {
        switch kind {
        case .segment: .wal
        case .partial: .partial
        case .backupHistory: .backupLabel
        case .timelineHistory: .history
        }
    }
}

extension BackupObject {
    /// The class that usage counts the object in.
    fileprivate var usageClass: Usage.Class {
        switch self {
        case .info, .label, .tar: .base
        case .keep: .annotation
        case .strayPart, .unknown: .unknown
        }
    }
}
