import BarmanCatalog
import PostgresWAL

extension BackupCatalog {
    /// A server of which the listing is done: so many segments with 1,000 holes on 40 timelines, and ten backups.
    static func generated(segments count: Int) -> BackupCatalog {
        let (timelines, holes) = (40, 1_000)
        let perRun = UInt64(max(2, count / (timelines + holes)))
        var runs: [WALRun] = []
        var histories: [TimelineID: History] = [:]
        var first: UInt64 = 16
        for timeline in 1...UInt32(timelines) {
            if timeline > 1 {
                let ancestors = (1..<timeline).map { ancestor in
                    let start = runs.first { $0.timeline.rawValue == ancestor + 1 }?.segments.lowerBound ?? first
                    return TimelineHistory.Entry(
                        timeline: TimelineID(rawValue: ancestor),
                        switchPoint: LSN(rawValue: start << 24 | 0x100),
                        reason: "no recovery target specified"
                    )
                }
                histories[TimelineID(rawValue: timeline)] = .valid(
                    TimelineHistory(timeline: TimelineID(rawValue: timeline), entries: ancestors)
                )
            }
            for _ in 0...(holes / timelines) {
                let segments = first...first + perRun - 1
                runs.append(
                    WALRun(timeline: TimelineID(rawValue: timeline), segments: segments, bytes: Int64(perRun) << 22)
                )
                first += perRun + 1
            }
            first -= 1
        }
        let wal = WALInventory(runs: runs, segmentSize: .standard)
        var catalog = BackupCatalog(name: "example-db", wal: wal, histories: histories)
        catalog.backups = (0..<10).map { number in
            backup(number, at: runs[number * runs.count / 10])
        }
        return catalog
    }

    private static func backup(_ number: Int, at run: WALRun) -> BaseBackup {
        var info = BackupInfo()
        info.status = .done
        info.timeline = run.timeline
        info.beginWAL = run.firstName(size: .standard)
        info.endWAL = run.firstName(size: .standard)
        info.beginLSN = LSN(rawValue: run.segments.lowerBound << 24 | 0x28)
        info.endLSN = LSN(rawValue: run.segments.lowerBound << 24 | 0x100)
        info.beginTime = TimestampTZ(unixMicroseconds: Int64(number) * 86_400_000_000)
        info.endTime = TimestampTZ(unixMicroseconds: Int64(number) * 86_400_000_000 + 1)
        info.systemIdentifier = "7000000000000000000"
        var backup = BaseBackup(
            id: BackupID("2026112\(number)T000000"),
            info: .read(info),
            lastModified: info.endTime ?? TimestampTZ(rawValue: 0)
        )
        backup.tars = [BackupTar(): 1 << 30]
        return backup
    }
}
