import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

/// Targets in a chain of 100,000 segments, of which few may be opened.
struct LongChainTests {
    private static let sketch = Result { try ArchiveSketch("size 1 / 1: 02-186A1 / base A 1: 02-03") }
    private static let last: UInt64 = 0x186A1

    /// A minute per segment.
    private static func time(_ number: UInt64, _ seconds: Int64 = 0) -> TimestampTZ {
        ArchiveSketch.time(of: number).adding(microseconds: seconds * 1_000_000)
    }

    private static func lsn(_ number: UInt64, _ offset: UInt64 = 0) -> LSN {
        LSN(rawValue: number << 20 + offset)
    }

    /// Each segment has a checkpoint and two transactions.
    private static let busy: SyntheticWAL.Writer = { sketch, number in
        let xid = TransactionID(rawValue: UInt32(1000 + 2 * number))
        sketch.checkpoint(redo: sketch.position, next: UInt64(xid.rawValue), oldestActive: xid, at: time(number))
        sketch.commit(xid, at: time(number, 10))
        sketch.filler(100)
        sketch.abort(TransactionID(rawValue: xid.rawValue + 1), at: time(number, 40))
    }

    /// Only every thousandth has a transaction, and one of so many of the others a checkpoint.
    private static func idle(checkpointEvery spacing: UInt64) -> SyntheticWAL.Writer {
        { sketch, number in
            let xid = TransactionID(rawValue: UInt32(1000 + number / 1000))
            let next = TransactionID(rawValue: xid.rawValue + 1)
            sketch.filler(100)
            if number % 1000 == 0 {
                sketch.commit(xid, at: time(number, 10))
            } else if number % spacing == 0 {
                let full = UInt64(next.rawValue)
                sketch.checkpoint(redo: sketch.position, next: full, oldestActive: next, at: time(number))
            }
        }
    }

    private func wal(_ writer: @escaping SyntheticWAL.Writer, damaged: Set<UInt64> = []) throws -> SyntheticWAL {
        SyntheticWAL(size: try Self.sketch.get().size, 2...Self.last, damaged: damaged, writer)
    }

    private func verdict(
        _ kind: RecoveryTarget.Kind,
        exclusive: Bool = false,
        in wal: SyntheticWAL
    ) async throws -> TargetVerdict {
        let analysis = RecoveryAnalysis(of: try Self.sketch.get().catalog)
        return try await TargetSearch(analysis, reading: wal)
            .verdict(on: RecoveryTarget(kind, isInclusive: !exclusive), from: .cnpg)
    }

    /// Where the commit of a busy segment begins and ends.
    private func commit(in wal: SyntheticWAL, _ number: UInt64) -> (start: LSN, end: LSN) {
        var sketch = WALSketch(major: 15, size: WALSegmentSize.allSizes[0], segment: number)
        sketch.checkpoint(redo: sketch.position, next: 1, oldestActive: 1, at: Self.time(number))
        let start = sketch.commit(1, at: Self.time(number))
        return (start, LSN(rawValue: (sketch.position.rawValue + 7) & ~7))
    }

    @Test(arguments: [40, 41, 1000, 49_999, 77_777, 100_000, 0x186A1] as [UInt64])
    func `a time is found in few segments, whatever their number`(number: UInt64) async throws {
        let wal = try wal(Self.busy)
        let verdict = try await verdict(.time(Self.time(number, 20)), in: wal)
        #expect(verdict.answer == .reachable)
        #expect(verdict.before?.time == Self.time(number, 10))
        #expect(verdict.after?.time == Self.time(number, 40))
        #expect(verdict.landsAt?.time == Self.time(number, 10))
        #expect(verdict.lastSegment?.number(size: WALSegmentSize.allSizes[0]) == number)
        #expect(verdict.segments == number - 1)
        #expect(wal.opened.count <= 40, "\(wal.opened)")
        #expect(verdict.opened <= 40)
    }

    @Test
    func `a time between two segments lands at the end of the first`() async throws {
        let wal = try wal(Self.busy)
        let verdict = try await verdict(.time(Self.time(5000, 5)), in: wal)
        #expect(verdict.before?.time == Self.time(4999, 40))
        #expect(verdict.after == .init(time: Self.time(5000, 10), lsn: commit(in: wal, 5000).start))
        #expect(verdict.landsAt?.lsn == commit(in: wal, 5000).start)
        #expect(wal.opened.count <= 40)
    }

    @Test
    func `the first transaction behind a time stops it, though one before it comes later`() async throws {
        // In 7000 one is a second ahead of its place.
        let wal = try wal { sketch, number in
            sketch.commit(1, at: Self.time(number, number == 7000 ? 70 : number == 7001 ? 8 : 10))
            sketch.commit(2, at: Self.time(number, number == 7001 ? 9 : 40))
        }
        let verdict = try await verdict(.time(Self.time(7001, 9)), in: wal)
        #expect(verdict.after?.time == Self.time(7000, 70))
        #expect(verdict.before?.time == Self.time(6999, 40))
    }

    @Test
    func `a time behind the last transaction is refused by the end of the chain`() async throws {
        let wal = try wal(Self.busy)
        let verdict = try await verdict(.time(Self.time(Self.last, 41)), in: wal)
        #expect(verdict.code == .afterLastTransaction)
        #expect(verdict.before?.time == Self.time(Self.last, 40))
        #expect(wal.opened.count <= 10)
    }

    @Test(
        arguments: [1500, 33_333, 49_999, 77_001, 99_500] as [UInt64],
        [(spacing: 1, most: 40), (spacing: 3, most: 90), (spacing: 10, most: 190)]
    )
    func `a time in idle WAL lands before the next transaction`(
        number: UInt64,
        checkpoints: (spacing: UInt64, most: Int)
    ) async throws {
        let wal = try wal(Self.idle(checkpointEvery: checkpoints.spacing))
        let verdict = try await verdict(.time(Self.time(number)), in: wal)
        let next = (number / 1000 + 1) * 1000
        #expect(verdict.answer == .reachable)
        #expect(verdict.before?.time == Self.time(number / 1000 * 1000, 10))
        #expect(verdict.after?.time == Self.time(next, 10))
        #expect(Set(wal.opened).count <= checkpoints.most, "\(wal.opened)")
    }

    @Test(arguments: [50, 60_000, 0x186A1] as [UInt64])
    func `a position is found in its segment`(number: UInt64) async throws {
        let wal = try wal(Self.busy)
        let (start, end) = commit(in: wal, number)
        let inclusive = try await verdict(.lsn(start), in: wal)
        #expect(inclusive.landsAt == .init(lsn: end, time: Self.time(number, 10), timeline: 1))
        let exclusive = try await verdict(.lsn(start), exclusive: true, in: wal)
        #expect(exclusive.landsAt == .init(lsn: start, time: Self.time(number - 1, 40), timeline: 1))
        // Two verdicts.
        #expect(wal.opened.count <= 40)
        #expect(try await verdict(.lsn(Self.lsn(Self.last + 1)), in: wal).code == .lsnNotArchived)
    }

    @Test(arguments: [50, 60_000, 0x186A1] as [UInt64])
    func `a transaction is found between checkpoints`(number: UInt64) async throws {
        let wal = try wal(Self.busy)
        let xid = UInt32(1000 + 2 * number)
        let (start, end) = commit(in: wal, number)
        let inclusive = try await verdict(.xid(xid), in: wal)
        #expect(inclusive.landsAt == .init(lsn: end, time: Self.time(number, 10), timeline: 1))
        #expect(try await verdict(.xid(xid), exclusive: true, in: wal).landsAt?.lsn == start)
        #expect(try await verdict(.xid(xid + 1), in: wal).landsAt?.time == Self.time(number, 40))
        #expect(wal.opened.count <= 160)
    }

    @Test
    func `a transaction that ended before the backup, or never began, is told by checkpoints`() async throws {
        let wal = try wal(Self.busy)
        #expect(try await verdict(.xid(900), in: wal).code == .noSuchTransaction)
        #expect(try await verdict(.xid(4_000_000), in: wal).code == .noSuchTransaction)
        #expect(wal.opened.count <= 120, "\(wal.opened.count)")
    }

    @Test
    func `without target the end of the chain is enough`() async throws {
        let wal = try wal(Self.busy)
        let verdict = try await verdict(.latest, in: wal)
        #expect(verdict.landsAt?.time == Self.time(Self.last, 40))
        #expect(verdict.landsAt?.lsn == Self.lsn(Self.last + 1))
        #expect(wal.opened.count <= 10)
    }

    @Test
    func `damage that is met ends the chain`() async throws {
        // Right before the target, where it is opened.
        let wal = try wal(Self.busy, damaged: [69_999])
        let behind = try await verdict(.time(Self.time(70_000)), in: wal)
        #expect(behind.code == .walDamaged)
        #expect(behind.damage.map(\.number) == [69_999])
        #expect(behind.before?.time == Self.time(69_998, 40))
        let before = try await verdict(.time(Self.time(30_000)), in: wal)
        #expect(before.answer == .reachable)
    }

    @Test
    func `in full every segment is opened`() async throws {
        let wal = try wal(Self.busy, damaged: [300])
        let analysis = RecoveryAnalysis(of: try Self.sketch.get().catalog)
        let verdict = try await TargetSearch(analysis, reading: wal, evidence: .full)
            .verdict(on: RecoveryTarget(.time(Self.time(320))), from: .cnpg)
        #expect(verdict.code == .walDamaged)
        #expect(Set(wal.opened).isSuperset(of: 2...300))
    }
}
