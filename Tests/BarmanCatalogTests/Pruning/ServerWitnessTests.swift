import BarmanCatalog
import ObjectStorage
import TestSupport
import Testing

/// An honest store never looks as if something were lost.
struct ServerWitnessTests {
    @Test
    func `two listings of the same archive tell the same, whatever lies in it`() async throws {
        var compared = 0
        for seed in UInt64(0)..<400 {
            let archive = RandomArchive(seed: seed)
            let store = MemoryObjectStore(archive.objects)
            guard let location = try? ArchiveLocation(destinationPath: "s3://bucket"),
                let catalog = try? await CatalogLoader(store: store).load(location)
            else { continue }
            // Of `a/b` beside `a//b` the annotations are the one's or the other's: a plan refuses.
            for server in catalog.servers where server.prefix != "a/b/" || !archive.servers.contains("a//b/") {
                var later = ServerWitness(size: server.wal.segmentSize)
                var news = ListingNews(since: server)
                try await EntryListing(of: server, in: store).forEach { entry, object in
                    later.add(entry, object)
                    news.see(entry, isGoing: true)
                }
                let losses = ServerWitness(of: server)
                    .losses(in: later, ofBackups: Set(server.backups.map(\.id)))
                #expect(losses.isEmpty, "archive \(seed), \(server.prefix): \(losses)")
                #expect(news.news == nil, "archive \(seed), \(server.prefix): \(news.news ?? "")")
                compared += 1
            }
        }
        #expect(compared > 200)
    }
}
