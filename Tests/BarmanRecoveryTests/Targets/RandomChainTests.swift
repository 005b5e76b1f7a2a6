import BarmanRecovery
import Foundation
import PostgresWAL
import TestSupport
import Testing

/// Random WAL, of which few segments are opened, beside the same read in full.
///
/// 300 of each kind, 20 in a sample: faults were planted that one chain in a hundred shows. `CELLARMAN_CHAINS` says how
/// many others. One at a time: each takes some 100 MiB.
@Suite(.serialized)
struct RandomChainTests {
    private static let chains =
        ProcessInfo.processInfo.environment["CELLARMAN_CHAINS"].flatMap { UInt64($0) }.map { 0..<$0 }
        ?? Sample.seeds(20, of: 300)
    private static let size = WALSegmentSize.allSizes[0]
    private static let straight = "size 1 / 1: 02-47 / base A 1: 02-03"
    private static let last: UInt64 = 0x47

    @Test(.tags(.long), arguments: chains)
    func `few segments say what all of them say`(seed: UInt64) async throws {
        let server = ServerSketch(seed: seed, size: Self.size, from: 2, through: Self.last)
        try await compare(Archive(Self.straight, server.segments), server, seed)
    }

    @Test(.tags(.long), arguments: chains)
    func `few segments say it of a path over two timelines too`(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let fork = UInt64(4 + random.below(60))
        var server = ServerSketch(seed: seed, size: Self.size, from: 2, through: fork - 1)
        server.promote()
        let parent = server.segments.dropLast()
        server.write(through: Self.last)
        let number = String(fork, radix: 16)
        let names = "size 1 / 1: 02-\(String(fork - 1, radix: 16)) / 2 from 1@\(number): \(number)-47 / base A 1: 02-03"
        let own = server.segments.drop { $0.name.number(size: Self.size) ?? 0 < fork }
        try await compare(Archive(names, parent + own), server, seed)
    }

    @Test(.tags(.long), arguments: chains)
    func `a partial segment behind the last one ends the chain at the same place`(seed: UInt64) async throws {
        let server = ServerSketch(seed: seed, size: Self.size, from: 2, through: Self.last + 1)
        var segments = server.segments.filter { $0.name.number(size: Self.size) ?? 0 <= Self.last + 1 }
        var random = SplitMix(seed: seed)
        for most in [Self.size.bytes, 2000, 200, 40] {
            let written = random.below(most)
            let rest = repeatElement(UInt8(0), count: Self.size.bytes - written)
            segments[segments.count - 1].bytes.replaceSubrange(written..., with: rest)
            let archive = try Archive(Self.straight, segments)
            try await compareWindows(archive)
            let target = RecoveryTarget(.latest)
            let few = try await archive.verdict(on: target, most: 4)
            #expect(try await archive.verdict(on: target, most: .max) == few)
        }
    }

    private func compare(_ archive: Archive, _ server: ServerSketch, _ seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        for time in times(of: server, &random) {
            let target = RecoveryTarget(.time(time), isInclusive: random.below(2) == 0)
            let few = try await archive.verdict(on: target, most: 4)
            let all = try await archive.verdict(on: target, most: .max)
            #expect(few == all, "\(target)")
        }
        for _ in 0..<6 {
            // Most of a segment is mostly unused.
            let start = Self.size.start(of: UInt64(2 + random.below(0x47)))
            let offset = random.below(random.below(3) == 0 ? Self.size.bytes : 1000)
            let lsn = LSN(rawValue: start.rawValue + UInt64(offset))
            let target = RecoveryTarget(.lsn(lsn), isInclusive: random.below(2) == 0)
            let few = try await archive.verdict(on: target, most: 4)
            let all = try await archive.verdict(on: target, most: .max)
            #expect(few == all, "\(target)")
        }
        for _ in 0..<4 {
            let xid = UInt32(999 + random.below(Int(server.next) - 997))
            let target = RecoveryTarget(.xid(xid), isInclusive: random.below(2) == 0)
            let few = try await archive.verdict(on: target, most: 4)
            let all = try await archive.verdict(on: target, most: .max)
            #expect(few.answer == all.answer && few.code == all.code && few.landsAt == all.landsAt, "\(target)")
        }
        try await compareWindows(archive)
    }

    private func compareWindows(_ archive: Archive) async throws {
        let few = try await archive.windows(most: 4)
        let all = try await archive.windows(most: .max)
        #expect(few == all, "\(few) beside \(all)")
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
}

/// Segments that were written beforehand, and what their names say.
private struct Archive: WALSource {
    private let analysis: RecoveryAnalysis
    private let segments: [WALSegmentName: [UInt8]]

    init(_ names: String, _ segments: some Sequence<WALSketch.Segment>) throws {
        analysis = RecoveryAnalysis(of: try ArchiveSketch(names).catalog)
        self.segments = Dictionary(uniqueKeysWithValues: segments.map { ($0.name, $0.bytes) })
    }

    func contents(of segment: WALSegmentName) async throws -> WALSegmentContents {
        segments[segment].map { .bytes($0) } ?? .notFound(damage: nil)
    }

    /// A verdict for which no chain is read in full that is longer than so many segments.
    func verdict(on target: RecoveryTarget, most: UInt64) async throws -> TargetVerdict {
        let evidence = most == .max ? WALEvidence.full : .records
        var verdict = try await TargetSearch(analysis, reading: self, evidence: evidence, mostReadInFull: most)
            .verdict(on: target, from: .cnpg)
        verdict.opened = 0
        return verdict
    }

    func windows(most: UInt64) async throws -> [RecoveryWindow] {
        try await WindowSearch(analysis, reading: self, mostReadInFull: most).evidence().windows
    }
}
