import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

/// WAL that was written with `wal_level = minimal` for a while: PostgreSQL 15 stops where it begins, with
/// `FATAL: WAL was generated with wal_level=minimal, cannot continue recovering`, whatever the target.
struct WALLevelMinimalTests {
    private static let at: UInt64 = 0x0A

    private static func time(_ number: UInt64, _ seconds: Int64 = 0) -> TimestampTZ {
        ArchiveSketch.time(of: number).adding(microseconds: seconds * 1_000_000)
    }

    /// Two transactions in each segment, and between those of one the change of the setting.
    private static func wal(_ size: WALSegmentSize, level: Int32, through last: UInt64) -> SyntheticWAL {
        SyntheticWAL(size: size, 2...last) { sketch, number in
            let xid = UInt32(1000 + 2 * number)
            sketch.commit(TransactionID(rawValue: xid), at: time(number, 10))
            if number == at { sketch.parameterChange(walLevel: level) }
            if number == at + 1 { sketch.parameterChange(walLevel: 1) }
            sketch.commit(TransactionID(rawValue: xid + 1), at: time(number, 40))
        }
    }

    private let analysis: RecoveryAnalysis
    private let size: WALSegmentSize

    init() throws {
        let sketch = try ArchiveSketch("size 1 / 1: 02-14 / base A 1: 02-03 / base B 1: 0D-0E")
        analysis = RecoveryAnalysis(of: sketch.catalog)
        size = sketch.size
    }

    private func verdict(_ kind: RecoveryTarget.Kind, _ backup: BackupID, level: Int32 = 0) async throws
        -> TargetVerdict
    {
        try await TargetSearch(analysis, reading: Self.wal(size, level: level, through: 0x14))
            .verdict(on: RecoveryTarget(kind), from: .explicit(backup))
    }

    @Test(
        arguments: [
            .latest, .time(time(0x0B, 20)), .lsn(LSN(rawValue: 0x0C << 20)),
            .xid(TransactionID(rawValue: 1025).rawValue),
        ] as [RecoveryTarget.Kind]
    )
    func `nothing after it is reached, and not the end of the archive either`(kind: RecoveryTarget.Kind) async throws {
        let verdict = try await verdict(kind, BackupID("A"))
        #expect(verdict.answer == .unreachable)
        #expect(verdict.code == .walLevelMinimal)
        #expect(verdict.damage.map(\.segment) == [WALSegmentName(timeline: 1, number: Self.at, size: size)])
        // From a backup that was taken since, and where the level stays above it.
        #expect(try await self.verdict(kind, BackupID("B")).code != .walLevelMinimal)
        for level in [1, 2] as [Int32] {
            #expect(try await self.verdict(kind, BackupID("A"), level: level).answer == .reachable, "\(level)")
        }
    }

    @Test
    func `what lies before it is reached`() async throws {
        let verdict = try await verdict(.time(Self.time(0x09, 20)), BackupID("A"))
        #expect(verdict.answer == .reachable)
        #expect(verdict.before?.time == Self.time(0x09, 10))
        #expect(try await self.verdict(.immediate, BackupID("A")).answer == .reachable)
    }

    /// Opened in full, and by what is seen from the end.
    @Test(arguments: [32, 0] as [UInt64])
    func `a window ends with the last transaction before it`(mostReadInFull: UInt64) async throws {
        let wal = Self.wal(size, level: 0, through: 0x14)
        let evidence = try await WindowSearch(analysis, reading: wal, mostReadInFull: mostReadInFull).evidence()
        let windows = evidence.windows.filter { $0.backup == BackupID("A") }
        guard mostReadInFull > 0 else {
            // Nobody looked there: sampling sees the end alone.
            #expect(windows.map(\.ending) == [.archiveHead])
            return
        }
        #expect(windows.map(\.ending) == [.walLevelMinimal])
        #expect(windows.first?.to.time == Self.time(Self.at, 10))
        #expect(evidence.windows.filter { $0.backup == BackupID("B") }.map(\.ending) == [.archiveHead])
        #expect(evidence.damage.count == 1)
    }

    @Test
    func `the last segment of a long chain tells it too`() async throws {
        let sketch = try ArchiveSketch("size 1 / 1: 02-0A / base A 1: 02-03")
        let search = WindowSearch(
            RecoveryAnalysis(of: sketch.catalog),
            reading: Self.wal(size, level: 0, through: Self.at),
            mostReadInFull: 0
        )
        let window = try #require(try await search.evidence().windows.first)
        #expect(window.ending == .walLevelMinimal)
        #expect(window.to.time == Self.time(Self.at, 10))
    }
}
