import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

/// Targets that are tried from one backup after the other.
struct SharedReplayTests {
    /// Twenty segments, and a backup every other one.
    private static let sketch = Result {
        let bases = (1...9).map { number in
            let (first, last) = (String(2 * number, radix: 16), String(2 * number + 1, radix: 16))
            return "base B\(String(number + 10, radix: 36)) 1: \(first)-\(last)"
        }
        return try ArchiveSketch("size 1 / 1: 02-15 / " + bases.joined(separator: " / "))
    }

    /// A transaction in each segment, and a restore point in one.
    private static let writer: SyntheticWAL.Writer = { sketch, number in
        let xid = UInt32(1000 + number)
        sketch.commit(TransactionID(rawValue: xid), at: ArchiveSketch.time(of: number))
        if number == 0x0B { sketch.restorePoint("here", at: ArchiveSketch.time(of: number)) }
        sketch.abort(TransactionID(rawValue: xid + 500), at: ArchiveSketch.time(of: number).adding(microseconds: 1))
    }

    private func wal(damaged: Set<UInt64> = []) throws -> SyntheticWAL {
        SyntheticWAL(size: try Self.sketch.get().size, 2...0x15, damaged: damaged, Self.writer)
    }

    private func verdict(
        _ kind: RecoveryTarget.Kind,
        _ selection: BackupSelection,
        in wal: SyntheticWAL,
        _ evidence: WALEvidence = .records
    ) async throws -> TargetVerdict {
        let analysis = RecoveryAnalysis(of: try Self.sketch.get().catalog)
        return try await TargetSearch(analysis, reading: wal, evidence: evidence)
            .verdict(on: RecoveryTarget(kind), from: selection)
    }

    @Test
    func `what is nowhere is looked for once, however many backups there are`() async throws {
        let wal = try wal()
        let verdict = try await verdict(.name("nowhere"), .any, in: wal)
        #expect(verdict.code == .noSuchRestorePoint)
        #expect(verdict.backup == BackupID("Bj"))
        // Each backup's own segments, and the one behind them in which the younger replay is met.
        #expect(wal.opened.count <= 4 * 9 + 8, "\(wal.opened)")
    }

    @Test
    func `what lies before the younger backups is found from the older ones`() async throws {
        let wal = try wal()
        let found = try await verdict(.name("here"), .any, in: wal)
        #expect(found.answer == .reachable)
        let backup = try #require(found.backup)
        var alone = try await verdict(.name("here"), .explicit(backup), in: self.wal())
        alone.opened = found.opened
        #expect(found == alone)
        #expect(backup == BackupID("Be"))
    }

    @Test
    func `damage on the way ends the older ones and not the younger`() async throws {
        let wal = try wal(damaged: [0x0D])
        let found = try await verdict(.xid(1000 + 0x14), .any, in: wal, .full)
        // Only what begins behind the damaged segment comes there.
        #expect(found.answer == .reachable)
        let lost = try await verdict(.name("nowhere"), .any, in: wal)
        #expect(lost.code == .noSuchRestorePoint)
        #expect(lost.damage.isEmpty)
        let old = try await verdict(.name("nowhere"), .explicit(BackupID("Bc")), in: wal)
        #expect(old.code == .walDamaged)
    }
}
