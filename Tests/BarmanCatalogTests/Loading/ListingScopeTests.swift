import BarmanCatalog
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// What is listed where servers are named.
struct ListingScopeTests {
    /// `path/db`, with an annotation below a doubled slash, `path/other`, and `path/deep/inner`.
    private func store() throws -> MemoryObjectStore {
        let store = MemoryObjectStore()
        let objects = try ArchiveSketch("1: 02-20 / base A 1: 03-04 / base B 1: 08 full").objects
        for server in ["path/db", "path/other", "path/deep/inner"] {
            for (key, object) in objects {
                var name = key.description.replacing("sketch/", with: "\(server)/")
                if server == "path/db", name.contains("annotations") { name = name.replacing("path/", with: "path//") }
                store.put(ObjectKey(name), object)
            }
        }
        return store
    }

    private func load(_ store: MemoryObjectStore, _ servers: String..., path: String = "s3://b/path/") async throws
        -> BucketCatalog
    {
        let location = try ArchiveLocation(destinationPath: path, serverNames: servers)
        return try await CatalogLoader(store: store).load(location)
    }

    private func prefixes(_ catalog: BucketCatalog) -> [String] { catalog.servers.map(\.prefix.description) }

    @Test
    func `a server by its path is all that is listed`() async throws {
        let whole = try await load(store())
        let each = whole.total.objects / 3
        let one = try await load(store(), "db")
        #expect(prefixes(one) == ["path/db/"])
        #expect(one.total.objects == each)
        // With what lies below the doubled slash.
        #expect(one.servers[0].backups.map(\.keep) == [nil, .full])
        #expect(
            one.servers[0].backups == whole.servers[0].backups || one.servers[0].backups == whole.servers[1].backups
        )
        let two = try await load(store(), "other", "deep/inner/")
        #expect(prefixes(two) == ["path/deep/inner/", "path/other/"])
        #expect(two.total.objects == 2 * each)
        let same = try await load(store(), "db", "db/")
        #expect(same.total.objects == each)
    }

    @Test
    func `a name that is no path is looked for everywhere`() async throws {
        let whole = try await load(store())
        let inner = try await load(store(), "inner")
        #expect(prefixes(inner) == ["path/deep/inner/"])
        #expect(inner.total.objects == whole.total.objects)
        let mixed = try await load(store(), "db", "inner")
        #expect(prefixes(mixed) == ["path/db/", "path/deep/inner/"])
        let itself = try await load(store(), "db", path: "s3://b/path/db")
        #expect(prefixes(itself) == ["path/db/"])
        for nonsense in ["", "/", "nobody", "../db", "db//"] {
            await #expect(throws: ServerNotFound.self) { _ = try await load(store(), nonsense) }
        }
    }

    @Test
    func `an estimate is of the same`() async throws {
        let location = try ArchiveLocation(destinationPath: "s3://b/path/", serverNames: ["db"])
        let estimate = try await CatalogLoader(store: store()).estimate(location)
        let whole = try await CatalogLoader(store: store()).estimate(ArchiveLocation(destinationPath: "s3://b/path/"))
        // What lies below the doubled slash looks like one more to it.
        #expect(estimate.servers == 2)
        #expect(whole.servers == 4)
        #expect(estimate.objects < whole.objects)
    }
}
