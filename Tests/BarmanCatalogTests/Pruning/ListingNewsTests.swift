import BarmanCatalog
import ObjectStorage
import TestSupport
import Testing

/// What a second listing may show without changing what can be deleted.
struct ListingNewsTests {
    private func news(_ key: ObjectKey) async throws -> String? {
        let store = try ArchiveSketch("1: 01-09 / base B 1: 02 full / base D 1: 04").store()
        store.put("sketch/base/A/annotations/keep", .init(Array("full".utf8)))
        let found = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: "s3://memory/"))
        let catalog = try #require(found.servers.first)
        return try catalog.news(in: #require(ArchiveEntryReader(of: catalog).entry(for: key)))
    }

    @Test(
        arguments: [
            "sketch/base/B/data.tar.gz", "sketch/base/B/annotations/keep", "sketch/base/E/backup.info",
            "sketch/base/A/annotations/keep", "sketch/wals/0000000100000000/00000001000000000000000A",
        ] as [ObjectKey]
    )
    func `what was there, a newer backup and WAL are none`(key: ObjectKey) async throws {
        #expect(try await news(key) == nil)
    }

    @Test
    func `an older backup and a new annotation are`() async throws {
        #expect(
            try await news("sketch/base/C/data.tar.gz")
                == "backup C was not listed at first, and now is: sketch/base/C/data.tar.gz"
        )
        #expect(
            try await news("sketch/base/D/annotations/keep")
                == "backup D was not annotated at first, and now is: sketch/base/D/annotations/keep"
        )
        #expect(try await news("sketch/base/A/backup.info") != nil)
    }
}
