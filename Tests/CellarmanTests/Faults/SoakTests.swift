import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import Decompression
import Foundation
import ObjectStorage
import PostgresWAL
import Synchronization
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Audits in one process, one after the other, of a store that fails one request in twenty.
///
/// For as many minutes as `CELLARMAN_SOAK_MINUTES` says, and for some seconds without it, see `Scripts/soak`. What it
/// says of memory and of file descriptors counts where nothing else runs in the process.
struct SoakTests {
    @Test
    func `the report of a store that fails at random stays the same, and nothing grows`() async throws {
        let minutes = ProcessInfo.processInfo.environment["CELLARMAN_SOAK_MINUTES"].flatMap { Double($0) } ?? 0.1
        let scenarios = ["promotions", "many-servers", "keeps"]
        var soaked: [SoakedArchive] = []
        for scenario in scenarios { soaked.append(try await SoakedArchive(scenario)) }
        var (audits, failures, wrong) = (0, [String](), 0)
        // Allocators and pools have what they keep after some rounds.
        var settled: ProcessUse?
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(minutes * 60) {
            let archive = soaked[audits % soaked.count]
            do {
                if try await archive.audit() != archive.report { wrong += 1 }
            } catch let error as ObjectStoreError {
                failures.append(error.message)
                #expect(!error.description.contains("canary"))
            }
            audits += 1
            if settled == nil, ContinuousClock.now - start > .seconds(minutes * 12) { settled = try await .atRest() }
        }
        let (before, after) = (try #require(settled), try await ProcessUse.atRest())
        let faults = soaked.reduce(0) { $0 + $1.faults }
        print(
            "\(audits) audits in \(minutes) min, \(faults) faults in \(soaked.reduce(0) { $0 + $1.requests }) requests: "
                + "\(wrong) wrong reports, could not look \(failures.count) times: \(failures.prefix(9)); resident \(before.kibibytes) KiB, then "
                + "\(after.kibibytes); descriptors \(before.descriptors), then \(after.descriptors)"
        )
        #expect(wrong == 0)
        #expect(faults > 0)
        // Five attempts that all fail are one request in three millions.
        #expect(failures.count <= audits / 1000)
        #expect(after.descriptors <= before.descriptors + 8)
        #expect(after.kibibytes <= before.kibibytes + 16 << 10)
    }
}

/// A fixture behind a server that fails at random, and the report on it.
private struct SoakedArchive {
    let report: String
    private let server: HostileServer
    private let location: ArchiveLocation
    private let counts: Counts

    private final class Counts: Sendable {
        let all = Mutex((requests: 0, faults: 0))
    }

    var requests: Int { counts.all.withLock { $0.requests } }
    var faults: Int { counts.all.withLock { $0.faults } }

    init(_ scenario: String) async throws {
        let bucket = try await HostileBucket(copying: FixtureBucket(scenario).store, pageSize: 10)
        let counts = Counts()
        server = try HostileServer(remembers: false) { question in
            let answer = bucket.answer(question)
            // One in twenty.
            let fails = Int.random(in: 0..<20) == 0
            counts.all.withLock { all in
                all.requests += 1
                all.faults += fails ? 1 : 0
            }
            return fails ? Self.fault(in: answer) : answer
        }
        location = try ArchiveLocation(destinationPath: "s3://backups")
        self.counts = counts
        let whole = try HostileServer { bucket.answer($0) }
        report = try await Self.audit(whole.endpoint, location)
    }

    func audit() async throws -> String { try await Self.audit(server.endpoint, location) }

    private static func audit(_ endpoint: String, _ location: ArchiveLocation) async throws -> String {
        var configuration = S3Configuration(
            bucket: "backups",
            endpoint: endpoint,
            credentials: S3Credentials(accessKeyID: "AKIDCANARY", secretAccessKey: "canary-secret")
        )
        configuration.gunzip = { try decompress($0, format: .gzip, limit: $1) }
        configuration.timeouts.stall = .seconds(2)
        configuration.timeouts.firstByte = .seconds(2)
        configuration.timeouts.firstByteOfListing = .seconds(2)
        var world = S3World()
        world.sleep = { _ in await Task.yield() }
        let store = try S3ObjectStore(configuration, world: world)
        let catalog = try await CatalogLoader(store: store).load(location)
        var analyses: [RecoveryAnalysis] = []
        for server in catalog.servers {
            let analysis = RecoveryAnalysis(of: server)
            let source = WALArchiveReader(store: store, catalog: server)
            let search = WindowSearch(analysis, reading: source, evidence: .records)
            analyses.append(analysis.refined(by: try await search.evidence()))
        }
        // 2036-01-01, behind all fixtures.
        let now = TimestampTZ(unixMicroseconds: 2_082_758_400_000_000)
        let report = AuditReport(
            on: catalog,
            analyses: analyses,
            at: location,
            by: .init(name: "soak", version: "1"),
            options: AuditOptions(now: now),
            requests: RequestStatistics()
        )
        return try JSONFormat().render(report, sections: Set(ReportSection.allCases))
    }

    /// One of the ways in which an answer does not come.
    private static func fault(in answer: [HostileServer.Step]) -> [HostileServer.Step] {
        let byte = Int.random(in: 0..<max(1, answer.byteCount))
        switch Int.random(in: 0..<12) {
        case 0: return [.reset]
        case 1: return [.close]
        case 2: return answer.cut(after: byte, then: .reset)
        case 3: return answer.cut(after: byte, then: .close)
        case 4: return answer.cut(after: byte, then: .hang)
        case 5: return .error(500, "InternalError")
        case 6: return .error(503, "SlowDown", headers: ["Retry-After": "1"])
        case 7: return .error(200, "InternalError")
        case 8: return .answer(502, [:], "<html>bad gateway</html>")
        case 9: return .answer(200, [:], "<ListBucketResult><IsTruncated>")
        case 10: return .answer(429)
        default: return .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
        }
    }
}

/// What this process holds.
private struct ProcessUse {
    var kibibytes: Int
    var descriptors: Int

    /// What it holds once the connections of the last audit are gone, which both ends let go a little later.
    static func atRest() async throws -> ProcessUse {
        try await Task.sleep(for: .seconds(1))
        return now
    }

    private static var now: ProcessUse {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return ProcessUse(kibibytes: Int(line.filter(\.isNumber)) ?? 0, descriptors: names.count)
    }
}
