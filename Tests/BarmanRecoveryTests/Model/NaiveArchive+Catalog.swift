import BarmanCatalog
import PostgresWAL

extension NaiveArchive {
    /// The number of segment 0: the runs cross from one log to the next.
    static let base: UInt64 = 0xFD

    /// The position of an eighth of a segment.
    static func position(_ eighths: Int) -> LSN {
        let size = WALSegmentSize.standard
        let start = size.start(of: base + UInt64(eighths / 8))
        return LSN(rawValue: start.rawValue + UInt64(eighths % 8 * (size.bytes / 8)))
    }

    /// The same archive as a catalog; `parts` is a catalog that shares everything but the segments.
    func catalog(sharing parts: BackupCatalog) -> BackupCatalog {
        var catalog = parts
        catalog.wal = WALInventory(runs: runs, segmentSize: .standard)
        return catalog
    }

    /// The backups and the histories as a catalog without WAL.
    var parts: BackupCatalog {
        BackupCatalog(
            name: "naive",
            backups: backups.indices.map { index in baseBackup(backups[index], id: "\(index)") },
            wal: WALInventory(runs: [], segmentSize: .standard),
            histories: Dictionary(
                uniqueKeysWithValues: histories.map { (TimelineID(rawValue: UInt32($0)), .valid(history(of: $0))) }
            )
        )
    }

    private var runs: [WALRun] {
        var runs: [WALRun] = []
        for timeline in Self.timelines {
            var first: Int?
            for segment in 0...16 {
                let isThere = segment < 16 && present.contains(timeline, segment)
                if isThere, first == nil { first = segment }
                if !isThere, let start = first {
                    runs.append(
                        WALRun(
                            timeline: TimelineID(rawValue: UInt32(timeline)),
                            segments: Self.base + UInt64(start)...Self.base + UInt64(segment - 1)
                        )
                    )
                    first = nil
                }
            }
        }
        return runs
    }

    private func history(of timeline: Int) -> TimelineHistory {
        var entries: [TimelineHistory.Entry] = []
        var child = timeline
        while let fork = forks.first(where: { $0.child == child }) {
            let parent = TimelineID(rawValue: UInt32(fork.parent))
            entries.insert(.init(timeline: parent, switchPoint: Self.position(fork.at), reason: ""), at: 0)
            child = fork.parent
        }
        return TimelineHistory(timeline: TimelineID(rawValue: UInt32(timeline)), entries: entries)
    }

    private func baseBackup(_ backup: Backup, id: String) -> BaseBackup {
        let name = { (timeline: Int, position: LSN) in
            WALSegmentName(
                timeline: TimelineID(rawValue: UInt32(timeline)),
                number: WALSegmentSize.standard.segmentNumber(of: position),
                size: .standard
            )
        }
        var info = BackupInfo()
        info.status = .done
        info.timeline = TimelineID(rawValue: UInt32(backup.beginTimeline))
        let (begin, end) = (Self.position(backup.begin), Self.position(backup.end))
        info.beginLSN = begin
        info.endLSN = end
        info.beginWAL = name(backup.beginTimeline, begin)
        info.endWAL = name(backup.endTimeline, end)
        var base = BaseBackup(id: BackupID(id), info: .read(info), lastModified: TimestampTZ(rawValue: 0))
        base.tars = [BackupTar(): 1]
        return base
    }
}
