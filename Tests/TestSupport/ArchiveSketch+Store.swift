import BarmanCatalog
public import ObjectStorage
import PostgresWAL

extension ArchiveSketch {
    /// The same archive as the objects of a bucket, all below `sketch/`.
    ///
    /// WAL and tars have a size and no body.
    public func store() -> MemoryObjectStore { MemoryObjectStore(objects) }

    /// The objects of that bucket.
    public var objects: [ObjectKey: MemoryObjectStore.Object] {
        var objects: [ObjectKey: MemoryObjectStore.Object] = [:]
        for run in catalog.wal.runs {
            for number in run.segments {
                let name = WALSegmentName(timeline: run.timeline, number: number, size: size)
                objects[ObjectKey("sketch/wals/\(name.directory)/\(name).gz")] = .init(
                    size: 1 << 20,
                    lastModified: Self.time(of: number).unixMicroseconds
                )
            }
        }
        for partial in catalog.wal.partials {
            objects[ObjectKey("sketch/wals/\(partial.name.directory)/\(partial.name).partial")] = .init(
                size: partial.size,
                lastModified: partial.lastModified.unixMicroseconds
            )
        }
        for (timeline, history) in catalog.histories {
            var text = "drawn so"
            if case .valid(let history) = history {
                text = history.entries.map { "\($0.timeline)\t\($0.switchPoint)\t\($0.reason)\n" }.joined()
            }
            objects[ObjectKey("sketch/wals/\(timeline.historyFileName)")] = .init(Array(text.utf8))
        }
        for backup in catalog.backups { put(backup, into: &objects) }
        return objects
    }

    private func put(_ backup: BaseBackup, into objects: inout [ObjectKey: MemoryObjectStore.Object]) {
        let directory = "sketch/base/\(backup.id)"
        objects[ObjectKey("\(directory)/backup.info")] = .init(Array(text(of: backup.details).utf8))
        for (tar, size) in backup.tars {
            objects[ObjectKey("\(directory)/\(tar).gz")] = .init(size: size)
        }
        for keep in backup.keeps {
            objects[keep.key] = .init(Array((keep.kind == .standalone ? "standalone" : "full").utf8))
        }
    }

    private func text(of details: BackupInfo?) -> String {
        guard let details else { return "drawn so\n" }
        let fields: [(String, String?)] = [
            ("begin_time", details.beginTime?.description),
            ("begin_wal", details.beginWAL?.description),
            ("begin_xlog", details.beginLSN?.description),
            ("end_time", details.endTime?.description),
            ("end_wal", details.endWAL?.description),
            ("end_xlog", details.endLSN?.description),
            ("parent_backup_id", details.parentBackupID),
            ("status", details.status.description), ("tablespaces", "None"),
            ("timeline", details.timeline?.description),
            ("xlog_segment_size", details.segmentSize.map { String($0) }),
        ]
        return fields.map { "\($0)=\($1 ?? "None")\n" }.joined()
    }
}
