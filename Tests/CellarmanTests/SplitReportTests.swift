import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import Foundation
import ObjectStorage
import ObjectStorageS3
import PostgresWAL
import TestSupport
import Testing

/// The report is the same however a listing is cut, and wherever the objects lie.
///
/// 25,000 random archives, some hundred in a sample, each listed in four ways. `CELLARMAN_SPLITS` says how many others.
struct SplitReportTests {
    private static let archives =
        ProcessInfo.processInfo.environment["CELLARMAN_SPLITS"].flatMap { UInt64($0) }.map { 0..<$0 }
        ?? Sample.seeds(400, of: 25_000)
    private static let tasks = 8
    private static let pageSizes = [1, 7, 1000]

    private let location: ArchiveLocation

    init() throws {
        location = try ArchiveLocation(destinationPath: "s3://bucket")
    }

    /// All of a report, as the command would print it for machines and for people.
    private func report(on store: any ObjectStore, cursors: Int) async throws -> String {
        let loader = CatalogLoader(store: store, concurrency: cursors)
        let catalog = try await loader.load(location, toleratesBrokenServers: true)
        let report = AuditReport(
            on: catalog,
            analyses: catalog.servers.map { RecoveryAnalysis(of: $0) },
            at: location,
            by: .init(name: "split", version: "1"),
            // 2026-11-26, behind all that the archives hold.
            options: AuditOptions(now: TimestampTZ(unixMicroseconds: 1_795_651_200_000_000)),
            requests: RequestStatistics()
        )
        let formats: [any ReportFormat] = [JSONFormat(), TextFormat(TextStyle(width: 100))]
        return try formats.map { try $0.render(report, sections: Set(ReportSection.allCases)) }.joined()
    }

    @Test(.tags(.long), arguments: 0..<tasks)
    func `any number of cursors, any size of pages and any store give the same report`(task: Int) async throws {
        var compared: [String: Int] = [:]
        let numbers = Array(Self.archives.dropFirst(task).enumerated().filter { $0.offset % Self.tasks == 0 })
        for (turn, number) in numbers {
            var random = SplitMix(seed: number)
            let archive = RandomArchive(seed: random.next())
            let memory = MemoryObjectStore(archive.objects)
            // Where nothing can be reported, that is what has to come of the others, too.
            let wanted = await outcome { try await report(on: memory, cursors: 1) }
            func expectSame(_ kind: String, cursors: Int, pages: Int, _ store: any ObjectStore) async {
                let found = await outcome { try await report(on: store, cursors: cursors) }
                compared[kind, default: 0] += 1
                guard found != wanted else { return }
                Issue.record("archive \(number) differs in \(kind) with \(cursors) cursors and pages of \(pages)")
            }
            for _ in 0..<4 {
                let (cursors, pages) = (1 + random.below(16), Self.pageSizes[random.below(3)])
                await expectSame("memory", cursors: cursors, pages: pages, PagedStore(memory, size: pages))
            }
            let (cursors, pages) = (1 + random.below(16), Self.pageSizes[random.below(3)])
            if turn / Self.tasks % 8 == 0 {
                let bucket = HostileBucket(archive.objects, pageSize: pages)
                let server = try HostileServer(remembers: false) {
                    bucket.answer($0)
                }
                await expectSame("S3", cursors: cursors, pages: pages, try Self.store(server, cursors))
            }
            if turn / Self.tasks % 8 == 1, let folder = try archive.folder() {
                let store = try DirectoryObjectStore(path: folder.path())
                await expectSame("directory", cursors: cursors, pages: pages, PagedStore(store, size: pages))
                try FileManager.default.removeItem(at: folder)
            }
        }
        #expect(compared["memory", default: 0] == numbers.count * 4)
        // One in eight goes over S3, and one in eight into a directory, if its keys are paths.
        #expect(
            numbers.count < 50 || compared["S3", default: 0] > 0 && compared["directory", default: 0] > 0,
            "\(compared)"
        )
    }

    private func outcome(_ body: () async throws -> String) async -> String {
        do { return try await body() } catch { return "\(type(of: error))" }
    }

    private static func store(_ server: HostileServer, _ cursors: Int) throws -> S3ObjectStore {
        let credentials = S3Credentials(accessKeyID: "KEY", secretAccessKey: "secret")
        var configuration = S3Configuration(bucket: "bucket", endpoint: server.endpoint, credentials: credentials)
        configuration.concurrency = cursors
        return try S3ObjectStore(configuration)
    }
}

/// Another store with pages of at most so many entries.
private struct PagedStore: ObjectStore {
    private let base: any ObjectStore
    private let size: Int

    init(_ base: any ObjectStore, size: Int) {
        self.base = base
        self.size = size
    }

    var name: String { base.name }
    var statistics: RequestStatistics { base.statistics }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        var request = request
        request.maxKeys = min(request.maxKeys, size)
        return try await base.list(request)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        try await base.get(key, range: range, limit: limit)
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary { try await base.head(key) }
}

extension RandomArchive {
    /// The objects as files of the same size and time, nil where a key is no path.
    fileprivate func folder() throws -> URL? {
        let folder = try TemporaryFolder.make()
        let manager = FileManager.default
        for (key, object) in objects {
            guard let path = key.utf8Text, !path.hasPrefix("/"), !path.contains("//"), !path.hasSuffix("/") else {
                return nil
            }
            let file = folder.appending(path: path)
            try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(object.body ?? []).write(to: file)
            // A hole where there are no bytes.
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: UInt64(object.size))
            try handle.close()
            let time = Date(timeIntervalSince1970: Double(object.lastModified) / 1e6)
            try manager.setAttributes([.modificationDate: time], ofItemAtPath: file.path())
        }
        return folder
    }
}
