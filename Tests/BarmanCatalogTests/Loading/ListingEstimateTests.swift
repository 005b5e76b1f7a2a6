import BarmanCatalog
import ObjectStorage
import PostgresWAL
import Testing

struct ListingEstimateTests {
    private let location: ArchiveLocation

    init() throws {
        location = try ArchiveLocation(destinationPath: "s3://bucket")
    }

    /// Servers with a backup and so many segments on so many timelines each.
    private func archive(servers: Int, timelines: UInt32, segments: UInt64) -> MemoryObjectStore {
        let store = MemoryObjectStore()
        for server in 0..<servers {
            store.put(ObjectKey("s\(server)/base/20261120T000000/backup.info"), .init(Array("status=DONE\n".utf8)))
            for timeline in 1...timelines {
                for number in 0..<segments {
                    let name = WALSegmentName(timeline: TimelineID(rawValue: timeline), number: number, size: .standard)
                    store.put(ObjectKey("s\(server)/wals/\(name.directory)/\(name).gz"), .init(size: 9))
                }
            }
        }
        return store
    }

    @Test(arguments: [(1, UInt32(1), UInt64(20_000)), (1, 3, 6_000), (3, 1, 6_000), (1, 1, 100)])
    func `comes near the number of objects with few requests`(
        servers: Int,
        timelines: UInt32,
        segments: UInt64
    ) async throws {
        let store = archive(servers: servers, timelines: timelines, segments: segments)
        let estimate = try await CatalogLoader(store: store).estimate(location)
        let wanted = Double(servers) * (Double(timelines) * Double(segments) + 1)
        #expect(estimate.isComplete)
        #expect(estimate.servers == servers)
        #expect(estimate.reads == servers)
        #expect(abs(Double(estimate.objects) - wanted) <= wanted * 0.1, "\(estimate.objects) for \(wanted)")
        #expect(store.statistics.list <= 60, "\(store.statistics.list)")
        let before = store.statistics.list
        _ = try await CatalogLoader(store: store).load(location)
        let taken = store.statistics.list - before
        #expect(abs(taken - estimate.listRequests) <= max(2, taken / 8), "\(taken) for \(estimate.listRequests)")
    }

    @Test
    func `says that it is not done where its requests do not suffice`() async throws {
        let store = archive(servers: 3, timelines: 2, segments: 2_000)
        let estimate = try await CatalogLoader(store: store).estimate(location, requests: 5)
        #expect(!estimate.isComplete)
        #expect(store.statistics.list == 5)
    }
}
