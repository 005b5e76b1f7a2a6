internal import Decompression
internal import ObjectStorage
internal import PostgresWAL

/// What the listing has shown of one backup so far.
struct BackupScan: Hashable {
    let id: BackupID
    var info: ObjectSummary?
    var keeps: [ObjectSummary] = []
    var tars: [BackupTar: Int64] = [:]
    var strayParts = 0
    var names: [[UInt8]] = []
    var hasAllNames = true
    var objects = 0
    var bytes: Int64 = 0
    var totals = BackupTotals()
    var lastModified: Int64 = .min

    /// Whether anything but annotations lies in the directory.
    var hasMoreThanAnnotations: Bool { objects > keeps.count }

    /// Adds an object of the directory.
    ///
    /// - Parameter isTar: whether it has the name of a tar, if of a compression that no restore takes.
    mutating func add(_ object: BackupObject, _ summary: ObjectSummary, isTar: Bool = false) {
        objects += 1
        bytes &+= summary.size
        lastModified = max(lastModified, summary.lastModified)
        switch object {
        case .info: totals.info.add(summary)
        case .keep: totals.annotations.add(summary)
        case .tar, .label: totals.data.add(summary)
        // Anything else may lie there, and no deletion depends on it.
        case .strayPart, .unknown: if isTar { totals.data.add(summary) }
        }
        switch object {
        case .info: info = summary
        case .keep: keeps.append(summary)
        case .tar(let tar): add(tar, size: summary.size)
        case .strayPart: strayParts += 1
        case .label, .unknown: break
        }
    }

    /// Adds what was scanned of the keys behind those that were seen.
    mutating func append(_ next: BackupScan) {
        info = next.info ?? info
        keeps += next.keeps
        for (tar, size) in next.tars { add(tar, size: size) }
        strayParts += next.strayParts
        hasAllNames = hasAllNames && next.hasAllNames
        for name in next.names { add(name: name) }
        objects += next.objects
        bytes &+= next.bytes
        totals.add(next.totals)
        lastModified = max(lastModified, next.lastModified)
    }

    /// Notes the name of an object below the directory.
    mutating func add(name: [UInt8]) {
        guard names.count < BaseBackup.mostNames else {
            hasAllNames = false
            return
        }
        names.append(name)
    }

    /// Notes one of the objects that a tar may lie there in; they come in byte order.
    ///
    /// Of several first tars (`data.tar.bz2`, `data.tar.gz`) Barman restores the last, of several continuations it
    /// restores all (`get_backup_files`). So an empty continuation stays empty, whatever lies beside it.
    private mutating func add(_ tar: BackupTar, size: Int64) {
        if tar.part > 0, tars[tar] == 0 { return }
        tars[tar] = size
    }
}

/// A timeline history file in the listing.
struct HistoryScan: Hashable {
    var timeline: TimelineID
    var format: CompressionFormat
    var object: ObjectSummary
}
