import BarmanCatalog
import Decompression
import ObjectStorageS3
import PostgresWAL
import TestSupport
import Testing

@testable import cellarman_fuzz

/// Whether the inputs get as far as they are meant to: a fuzzer that everything refuses at the door finds nothing.
struct FuzzTargetTests {
    private func inputs(_ name: String, _ count: UInt64) throws -> [[UInt8]] {
        let target = try #require(FuzzTargets.all.first { $0.name == name }).make()
        return (1...count).map { Case(target: name, seed: 1, number: $0).input(of: target) }
    }

    @Test(arguments: FuzzTargets.all.map(\.name))
    func `a case holds, and is the same whenever it is made`(name: String) throws {
        let target = try #require(FuzzTargets.all.first { $0.name == name }).make()
        for number in 1...UInt64(30) {
            let input = Case(target: name, seed: 7, number: number).input(of: target)
            #expect(Case(target: name, seed: 7, number: number).input(of: target) == input)
            try target.check(input)
        }
    }

    @Test
    func `records get past their checksums, to every kind of event and every kind of end`() throws {
        var events: Set<String> = []
        var ends: Set<String> = []
        for input in try inputs("wal", 1500) where input.count < 100_000 {
            var random = SeededGenerator(from: input)
            let reading = WALReading(input[...], WALFeeding(input, &random)) { .max }
            for case let event? in reading.records.map(\.event) { events.insert(caseName(event)) }
            if case .end(let end, _) = reading.outcome { ends.insert(caseName(end.reason)) }
        }
        #expect(events.count == 8, "\(events.sorted())")
        // Of 22, of which some need a second segment or a start inside of one.
        #expect(ends.count >= 17, "\(ends.sorted())")
    }

    @Test(arguments: CompressionFormat.allCases.filter { $0 != .none })
    func `some of what was changed still expands, and some gets far`(format: CompressionFormat) throws {
        var plain = 0
        var failures: Set<String> = []
        for input in try inputs(format.rawValue, 1000) {
            do {
                if try !decompress(input, format: format, limit: 9000).isEmpty { plain += 1 }
            } catch {
                failures.insert(caseName(error.kind))
            }
        }
        #expect(plain >= 15, "\(plain)")
        #expect(failures.isSuperset(of: ["notThisFormat", "truncated", "corrupt", "limitExceeded"]), "\(failures)")
    }

    @Test
    func `texts are taken and refused`() throws {
        let infos = try inputs("backup-info", 500).map { (try? BackupInfoFile.parse($0)) != nil }
        let histories = try inputs("history", 500).map { (try? TimelineHistory(parsing: $0, of: 9)) != nil }
        let listings = try inputs("listing", 500).map { (try? ParsedListing.parse($0)) != nil }
        let deletions = try inputs("deletion", 500).map { (try? DeleteResult.parse($0)) != nil }
        let all = [("backup.info", infos), ("history", histories), ("listing", listings), ("deletion", deletions)]
        for (name, taken) in all {
            let count = taken.count { $0 }
            #expect((30...470).contains(count), "\(name): \(count)")
        }
    }

    /// The name of a case without what it carries.
    private func caseName(_ value: some Any) -> String {
        String(describing: value).prefix { $0 != "(" }.description
    }
}
