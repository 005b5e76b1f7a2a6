import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// Base backups of which the bucket has the labels alone, and the WAL that they need.
struct BackupElsewhereTests {
    private static let sketch = "1: 01-20 / base A 1: 08 / base B 1: 10"

    private static func label(_ text: String, _ segment: String = "04") -> (String, [UInt8]) {
        let name = "0000000100000000000000\(segment)"
        let body = """
            START WAL LOCATION: 0/\(segment)000028 (file \(name))
            STOP WAL LOCATION: 0/\(segment)000100 (file \(name))
            CHECKPOINT LOCATION: 0/\(segment)000060
            BACKUP METHOD: streamed
            BACKUP FROM: primary
            START TIME: 2026-11-20 00:04:00 UTC
            LABEL: \(text)
            START TIMELINE: 1

            """
        return ("sketch/wals/0000000100000000/\(name).00000028.backup", Array(body.utf8))
    }

    private func catalog(_ labels: [(String, [UInt8])], of sketch: String = sketch) async throws -> BackupCatalog {
        var objects = try ArchiveSketch(sketch).objects
        for (key, body) in labels { objects[ObjectKey(key)] = .init(body) }
        let loader = CatalogLoader(store: MemoryObjectStore(objects))
        return try #require(try await loader.load(ArchiveLocation(destinationPath: "s3://b")).servers.first)
    }

    private func plan(
        _ catalog: BackupCatalog,
        including inclusions: RetentionPlan.Inclusions = [],
        _ semantics: RetentionPlan.Semantics = .exact
    ) -> RetentionPlan {
        let now = ArchiveSketch.midnight.adding(microseconds: 10 * 86_400_000_000)
        return RetentionPlan(for: catalog, under: .redundancy(1), at: now, semantics: semantics, including: inclusions)
    }

    private func drawn(_ plan: RetentionPlan) -> String {
        plan.wal.delete.map { run in
            let ends = [run.segments.lowerBound, run.segments.upperBound].map { String($0, radix: 16) }
            return "\(run.timeline): \(ends[0])-\(ends[1])"
        }.joined(separator: ", ")
    }

    @Test(arguments: ["snapshot of 2026-11-20", "Barman backup main 20261120T000400"])
    func `a label without a backup in the bucket keeps the WAL from its begin on`(text: String) async throws {
        let catalog = try await catalog([Self.label(text)])
        #expect(catalog.elsewhere.map(\.label) == [text])
        // A goes, and yet nothing of what it needed: the backup elsewhere began before.
        #expect(plan(catalog).decisions.map(\.action) == [.delete, .keep])
        #expect(drawn(plan(catalog)) == "")
        #expect(drawn(plan(catalog, including: .orphans)) == "1: 1-3")
        #expect(drawn(plan(catalog, including: .elsewhere)) == "1: 8-f")
        #expect(drawn(plan(catalog, including: [.elsewhere, .orphans])) == "1: 1-f")
    }

    @Test
    func `a label in between keeps what comes after it`() async throws {
        let catalog = try await catalog([Self.label("snapshot", "0C")])
        #expect(drawn(plan(catalog)) == "1: 8-b")
    }

    @Test(arguments: ["Barman backup cloud 20261120T000400", "pg_basebackup base backup"])
    func `labels of deleted backups and of replicas keep nothing`(text: String) async throws {
        let catalog = try await catalog([Self.label(text)])
        #expect(catalog.elsewhere.isEmpty)
        #expect(drawn(plan(catalog)) == "1: 8-f")
    }

    @Test
    func `the label of a backup in the bucket is not read`() async throws {
        let catalog = try await catalog([])
        let begin = try #require(catalog.backups[0].details?.beginLSN)
        let offset = String(begin.rawValue % UInt64(catalog.wal.segmentSize.bytes), radix: 16, uppercase: true)
        let digits = String(repeating: "0", count: 8 - offset.count) + offset
        let key = "sketch/wals/0000000100000000/000000010000000000000008.\(digits).backup"
        #expect(try await self.catalog([(key, Array("LABEL: whatever".utf8))]).elsewhere.isEmpty)
    }

    @Test(arguments: [Array("".utf8), Array("START WAL".utf8), [0x1F, 0x8B, 0, 0]])
    func `a label that says nothing tells of a backup`(body: [UInt8]) async throws {
        for suffix in ["", ".gz"] {
            let catalog = try await catalog([(Self.label("").0 + suffix, body)])
            #expect(catalog.elsewhere.map(\.label) == [nil])
            #expect(drawn(plan(catalog)) == "")
        }
    }

    @Test
    func `its WAL is no orphan`() async throws {
        let orphans = { (catalog: BackupCatalog) in RecoveryAnalysis(of: catalog).orphans?.map(\.segments) }
        #expect(orphans(try await catalog([])) == [1...7])
        #expect(orphans(try await catalog([Self.label("snapshot")])) == [1...3])
        #expect(orphans(try await catalog([Self.label("snapshot"), Self.label("again", "06")])) == [1...3])
    }

    @Test
    func `without a finished backup that stays no WAL goes`() async throws {
        let sketch = "1: 01-20 / base A 1: 08 started / base B 1: 10 failed"
        let catalog = try await catalog([], of: sketch)
        for inclusions in [[], .orphans, [.orphans, .failed, .unfinished]] as [RetentionPlan.Inclusions] {
            #expect(plan(catalog, including: inclusions).wal.delete.isEmpty)
        }
    }

    @Test
    func `Barman looks at no label, and the plan says so`() async throws {
        let catalog = try await catalog([Self.label("snapshot")])
        let plan = plan(catalog, including: [], .barman)
        #expect(drawn(plan) == "1: 1-f")
        #expect(plan.segmentsOfElsewhere == 12)
        #expect(self.plan(catalog).segmentsOfElsewhere == 0)
        #expect(self.plan(catalog, including: .elsewhere).segmentsOfElsewhere == 8)
    }
}
