import BarmanCatalog
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

struct ParallelListingTests {
    private let location: ArchiveLocation

    init() throws {
        location = try ArchiveLocation(destinationPath: "s3://bucket")
    }

    private func catalog(_ store: any ObjectStore, cursors: Int) async throws -> BucketCatalog {
        try await CatalogLoader(store: store, concurrency: cursors).load(location)
    }

    /// One server with a backup, and so many segments from the fourth gibibyte on, in so many places far apart.
    private func archive(segments: Int, timelines: Int = 1, places: Int = 1) -> MemoryObjectStore {
        let store = MemoryObjectStore()
        let info = "begin_wal=000000010000000100000000\nend_wal=000000010000000100000000\nstatus=DONE\n"
        store.put("s/base/20261120T000000/backup.info", .init(Array(info.utf8)))
        store.put("s/base/20261120T000000/data.tar.gz", .init(size: 9))
        for number in 0..<segments {
            let timeline = TimelineID(rawValue: UInt32(1 + number * timelines / segments))
            let hole = number * places / segments * 3_000_000
            let name = WALSegmentName(timeline: timeline, number: 256 + UInt64(number + hole), size: .standard)
            store.put(ObjectKey("s/wals/\(name.directory)/\(name).gz"), .init(size: 9, lastModified: Int64(number)))
        }
        return store
    }

    @Test(arguments: [1, 7, 1000])
    func `finds the same with any number of cursors`(pageSize: Int) async throws {
        for seed in 0..<UInt64(60) {
            let archive = RandomArchive(seed: seed)
            let store = MemoryObjectStore(archive.objects)
            let wanted = try await catalog(store, cursors: 1)
            for cursors in [2, 5, 16] {
                let found = try await catalog(OddStore(store, pageSize: pageSize), cursors: cursors)
                #expect(found == wanted, "archive \(seed), \(cursors) cursors")
            }
        }
    }

    @Test(arguments: [(20_000, 1, 1), (20_000, 40, 1), (3_000, 3, 1), (20_000, 1, 13), (20_000, 1, 2), (20_000, 3, 50)])
    func `asks for little more than there are pages`(segments: Int, timelines: Int, places: Int) async throws {
        let store = archive(segments: segments, timelines: timelines, places: places)
        let pageSize = segments / 400
        let wanted = try await catalog(store, cursors: 1)
        let before = store.statistics.list
        let found = try await catalog(OddStore(store, pageSize: pageSize), cursors: 16)
        #expect(found == wanted)
        #expect(found.notes.isEmpty)
        // And the probe behind the end.
        let pages = (segments + 2 + pageSize - 1) / pageSize + 1
        let requests = store.statistics.list - before
        // Which range is cut depends on which page comes first, and so does a request or two.
        #expect(requests <= pages * 106 / 100 + 2, "\(requests) requests for \(pages) pages")
    }

    @Test
    func `lists a few pages with one cursor`() async throws {
        let store = archive(segments: 5_000)
        let found = try await catalog(OddStore(store), cursors: 16)
        #expect(found.servers.map(\.wal.segmentCount) == [5_000])
        #expect(store.statistics.list == 7)
    }

    @Test(arguments: OddStore.Oddity.allCases.filter { $0 != .none })
    func `goes back to one cursor where a store does not keep its word`(oddity: OddStore.Oddity) async throws {
        let store = archive(segments: 3_000, timelines: 3)
        var wanted = try await catalog(store, cursors: 1)
        let found = try await catalog(OddStore(store, oddity, pageSize: 10), cursors: 8)
        #expect(found.notes.count == 1)
        #expect(found.notes.first?.hasPrefix("odd cannot be listed in parts, so one cursor did it all: ") == true)
        wanted.notes = found.notes
        #expect(found == wanted)
    }

    @Test
    func `an object that goes while it is listed is no contradiction`() async throws {
        let store = archive(segments: 3_000)
        let odd = OddStore(store, pageSize: 10) { page, store in
            let name = WALSegmentName(timeline: 1, number: 256 + UInt64(page) * 9, size: .standard)
            store.remove(ObjectKey("s/wals/\(name.directory)/\(name).gz"))
        }
        let found = try await catalog(odd, cursors: 8)
        #expect(found.notes.isEmpty)
        #expect(found.suspicions.isEmpty)
    }

    @Test
    func `an object that comes while it is listed is no contradiction`() async throws {
        let store = archive(segments: 3_000)
        let odd = OddStore(store, pageSize: 10) { page, store in
            let name = WALSegmentName(timeline: 1, number: 3_256 + UInt64(page), size: .standard)
            let time = Int64(3_000 + page)
            store.put(ObjectKey("s/wals/\(name.directory)/\(name).gz"), .init(size: 9, lastModified: time))
        }
        let found = try await catalog(odd, cursors: 8)
        #expect(found.notes.isEmpty)
        #expect(found.suspicions.isEmpty)
        #expect((found.servers.first?.wal.segmentCount ?? 0) >= 3_000)
    }
}
