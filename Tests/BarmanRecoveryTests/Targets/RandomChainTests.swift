import BarmanRecovery
import Foundation
import PostgresWAL
import TestSupport
import Testing

/// Random WAL, of which few segments are opened, beside the same read in full.
///
/// `CELLARMAN_CHAINS` says how many, each with thirteen targets.
struct RandomChainTests {
    private static let chains =
        ProcessInfo.processInfo.environment["CELLARMAN_CHAINS"].flatMap { UInt64($0) } ?? 5
    private static let count = 70
    private static let sketch = Result { try ArchiveSketch("size 1 / 1: 02-47 / base A 1: 02-03") }

    private func verdict(on target: RecoveryTarget, in wal: StoredWAL, most: UInt64) async throws -> TargetVerdict {
        let analysis = RecoveryAnalysis(of: try Self.sketch.get().catalog)
        let evidence = most == .max ? WALEvidence.full : .records
        var verdict = try await TargetSearch(analysis, reading: wal, evidence: evidence, mostReadInFull: most)
            .verdict(on: target, from: .cnpg)
        verdict.opened = 0
        return verdict
    }

    /// Times about the ends of transactions, and between them.
    private func times(of server: ServerSketch, _ random: inout SplitMix) -> [TimestampTZ] {
        // The last ones for a while.
        let lonely = zip(server.ends, server.ends.dropFirst()).filter { $1.rawValue - $0.rawValue > 20_000_000 }
        return (0..<9).map { number in
            let near = Int64([-1, 0, 1, 900_000, 5_000_000][random.below(5)])
            let end = server.ends.randomElement(using: &random) ?? ArchiveSketch.midnight
            return switch number % 3 {
            case 0: end.adding(microseconds: near)
            case 1: end.adding(microseconds: -Int64(random.below(100_000_000)))
            default: (lonely.randomElement(using: &random)?.0 ?? end).adding(microseconds: near)
            }
        }
    }

    @Test(arguments: 0..<chains)
    func `few segments say what all of them say`(seed: UInt64) async throws {
        let server = ServerSketch(seed: seed, size: try Self.sketch.get().size, from: 2, count: Self.count)
        let wal = StoredWAL(server.segments)
        var random = SplitMix(seed: seed)
        for time in times(of: server, &random) {
            let target = RecoveryTarget(.time(time), isInclusive: random.below(2) == 0)
            let few = try await verdict(on: target, in: wal, most: 4)
            let all = try await verdict(on: target, in: wal, most: .max)
            #expect(few == all, "\(target)")
        }
        for _ in 0..<4 {
            let xid = UInt32(999 + random.below(Int(server.next) - 997))
            let target = RecoveryTarget(.xid(xid), isInclusive: random.below(2) == 0)
            let few = try await verdict(on: target, in: wal, most: 4)
            let all = try await verdict(on: target, in: wal, most: .max)
            #expect(few.answer == all.answer && few.code == all.code && few.landsAt == all.landsAt, "\(target)")
        }
        let few = try await windows(in: wal, most: 4)
        let all = try await windows(in: wal, most: .max)
        #expect(few == all, "\(few) beside \(all)")
    }

    @Test(arguments: 0..<chains)
    func `a partial segment behind the last one ends the chain at the same place`(seed: UInt64) async throws {
        let server = ServerSketch(seed: seed, size: try Self.sketch.get().size, from: 2, count: Self.count + 1)
        var segments = Array(server.segments.prefix(Self.count + 1))
        var random = SplitMix(seed: seed)
        for most in [segments[Self.count].bytes.count, 2000, 200, 40] {
            let written = random.below(most)
            var bytes = segments[Self.count].bytes
            bytes.replaceSubrange(written..., with: repeatElement(0, count: bytes.count - written))
            segments[Self.count].bytes = bytes
            let wal = StoredWAL(segments)
            let few = try await windows(in: wal, most: 4)
            let all = try await windows(in: wal, most: .max)
            #expect(few == all, "\(few) beside \(all)")
            let target = RecoveryTarget(.latest)
            let fewer = try await verdict(on: target, in: wal, most: 4)
            #expect(try await verdict(on: target, in: wal, most: .max) == fewer)
        }
    }

    private func windows(in wal: StoredWAL, most: UInt64) async throws -> [RecoveryWindow] {
        let analysis = RecoveryAnalysis(of: try Self.sketch.get().catalog)
        return try await WindowSearch(analysis, reading: wal, mostReadInFull: most).evidence().windows
    }
}

/// Segments that were written beforehand.
private struct StoredWAL: WALSource {
    private let segments: [WALSegmentName: [UInt8]]

    init(_ segments: [WALSketch.Segment]) {
        self.segments = Dictionary(uniqueKeysWithValues: segments.map { ($0.name, $0.bytes) })
    }

    func contents(of segment: WALSegmentName) async throws -> WALSegmentContents {
        segments[segment].map { .bytes($0) } ?? .notFound(damage: nil)
    }
}
