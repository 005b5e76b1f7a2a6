import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

@testable import BarmanCatalog

struct SplitScanTests {
    private let location: ArchiveLocation

    init() throws {
        location = try ArchiveLocation(destinationPath: "s3://bucket")
    }

    /// All that a scan says in the end, but for how it says it.
    private struct Said: Hashable {
        struct Server: Hashable {
            var prefix: [UInt8]
            var wal: WALInventory
            var backups: [BackupID: BackupScan]
            var histories: [HistoryScan]
            var usage: Usage
            var unknown: ObjectTally
            var misplaced: ObjectTally
            var twins: WALTwins
        }

        var servers: [Server]
        var outside: ObjectTally
        var total: Usage.Share

        init(_ scan: BucketScan) {
            var scan = scan
            outside = scan.finish()
            total = scan.total
            servers = scan.servers.map {
                Server(
                    prefix: $0.prefix,
                    wal: WALInventory($0.wal, sizeOfBackups: nil),
                    backups: $0.backups,
                    histories: $0.histories,
                    usage: $0.usage,
                    unknown: $0.unknown,
                    misplaced: $0.misplaced,
                    twins: $0.twins.twins
                )
            }
        }
    }

    private func scan(_ objects: ArraySlice<ObjectSummary>, page size: Int) throws -> BucketScan {
        var scan = BucketScan(location: location)
        for start in stride(from: objects.startIndex, to: objects.endIndex, by: size) {
            var page = ObjectPage()
            for object in objects[start..<min(start + size, objects.endIndex)] { page.append(object) }
            try scan.add(page, count: page.count)
        }
        return scan
    }

    /// Boundaries as they are cut at, some of them, in order.
    private func boundaries(in archive: RandomArchive, _ random: inout SplitMix) -> [ObjectKey] {
        var boundaries: Set<ObjectKey> = []
        for server in archive.servers {
            let position = KeyPosition(server: Array(server.utf8), directory: nil)
            guard position.isSafeToCut else { continue }
            boundaries.insert(ObjectKey(bytes: position.startOfWAL))
            boundaries.insert(ObjectKey(bytes: position.endOfWAL))
            for timeline in UInt32(1)...3 {
                boundaries.insert(ObjectKey(bytes: position.start(ofTimeline: timeline)))
                for log in UInt32(0)..<9 {
                    boundaries.insert(ObjectKey(bytes: position.start(of: .init(timeline: timeline, log: log))))
                }
            }
        }
        let many = 2 + random.below(9)
        return boundaries.sorted().filter { _ in random.below(many) == 0 }
    }

    /// 10,000 archives, 1,000 in a sample, each listed in parts in ten ways; a twentieth of them in one task.
    @Test(.tags(.long), arguments: 0..<20)
    func `parts of a listing add up to the whole`(twentieth: UInt64) throws {
        var parts = 0
        for seed in Sample.seeds(50, of: 500) {
            var random = SplitMix(seed: seed &* 20 &+ twentieth)
            let archive = RandomArchive(seed: random.next())
            let objects = archive.summaries[...]
            let whole = Said(try scan(objects, page: 1000))
            for _ in 0..<10 {
                var rest = objects
                var sum = BucketScan(location: location)
                for boundary in boundaries(in: archive, &random) {
                    let part = rest.prefix { $0.key <= boundary }
                    rest = rest.dropFirst(part.count)
                    try sum.append(try scan(part, page: [1, 7, 1000][random.below(3)]))
                    parts += 1
                }
                try sum.append(try scan(rest, page: 7))
                guard Said(sum) != whole else { continue }
                Issue.record("the parts of archive \(seed) of \(twentieth) do not add up")
            }
        }
        #expect(parts > (Sample.isFull ? 5_000 : 500))
    }
}
