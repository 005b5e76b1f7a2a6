internal import Decompression
internal import ObjectStorage
internal import PostgresWAL

/// What the listing has shown of one backup so far.
struct BackupScan {
    let id: BackupID
    var info: ObjectSummary?
    var keeps: [ObjectSummary] = []
    var tars: [BackupTar: Int64] = [:]
    var objects = 0
    var bytes: Int64 = 0
    var lastModified: Int64 = .min

    /// Whether anything but annotations lies in the directory.
    var hasMoreThanAnnotations: Bool { objects > keeps.count }

    mutating func add(_ object: BackupObject, _ summary: ObjectSummary) {
        objects += 1
        bytes &+= summary.size
        lastModified = max(lastModified, summary.lastModified)
        switch object {
        case .info: info = summary
        case .keep: keeps.append(summary)
        case .tar(let tar): tars[tar, default: 0] &+= summary.size
        case .label, .unknown: break
        }
    }
}

/// A timeline history file in the listing.
struct HistoryScan {
    var timeline: TimelineID
    var format: CompressionFormat
    var key: ObjectKey
}
