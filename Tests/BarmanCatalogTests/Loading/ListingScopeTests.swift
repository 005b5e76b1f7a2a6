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

    @Test(arguments: [("s3://b/path/", "db"), ("s3://b/", "path/db"), ("s3://b", "path/db/")])
    func `annotations below a doubled slash are found wherever the location begins`(path: String, name: String)
        async throws
    {
        let found = try await load(store(), name, path: path)
        #expect(prefixes(found) == ["path/db/"])
        #expect(found.servers[0].backups.map(\.keep) == [nil, .full])
    }

    @Test
    func `a name that is a whole path means no other server, whatever else is named`() async throws {
        let store = try store()
        for (key, object) in try ArchiveSketch("1: 02-04 / base A 1: 03").objects {
            store.put(ObjectKey(key.description.replacing("sketch/", with: "path/deep/db/")), object)
        }
        #expect(try await prefixes(load(store, "db")) == ["path/db/"])
        #expect(try await prefixes(load(store, "db", "inner")) == ["path/db/", "path/deep/inner/"])
        #expect(try await prefixes(load(store, "deep/db", "db")) == ["path/db/", "path/deep/db/"])
    }

    @Test
    func `where the place of a name holds no server, one further down is found`() async throws {
        let store = try store()
        store.put(ObjectKey("path/inner/base/readme.txt"), .init(size: 7))
        #expect(try await prefixes(load(store, "inner")) == ["path/deep/inner/"])
    }

    @Test
    func `an estimate is of the same`() async throws {
        let location = try ArchiveLocation(destinationPath: "s3://b/path/", serverNames: ["db"])
        let estimate = try await CatalogLoader(store: store()).estimate(location)
        let whole = try await CatalogLoader(store: store()).estimate(ArchiveLocation(destinationPath: "s3://b/path/"))
        #expect(estimate.servers == 1)
        #expect(whole.servers == 3)
        #expect(estimate.objects < whole.objects)
    }
}
