import BarmanCatalog
import ObjectStorage
import Testing

struct BrokenServerTests {
    /// A store that denies to read what lies below one directory.
    private struct DenyingStore: ObjectStore {
        let objects: MemoryObjectStore
        let denied: ObjectKey

        var name: String { "denying" }
        var statistics: RequestStatistics { objects.statistics }

        func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
            try await objects.list(request)
        }

        func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
            guard !key.hasPrefix(denied) else { throw ObjectStoreError(.accessDenied, "no right to read \(key)") }
            return try await objects.get(key, range: range, limit: limit)
        }

        func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
            try await objects.head(key)
        }
    }

    private func store(denying denied: ObjectKey) -> DenyingStore {
        let objects = MemoryObjectStore()
        for server in ["a", "b", "c"] {
            objects.put(ObjectKey("\(server)/base/20261120T000000/backup.info"), .init(Array("status=DONE\n".utf8)))
        }
        return DenyingStore(objects: objects, denied: denied)
    }

    @Test
    func `a server that cannot be read does not stop the others`() async throws {
        let loader = CatalogLoader(store: store(denying: "b/"))
        let catalog = try await loader.load(
            ArchiveLocation(destinationPath: "s3://bucket"),
            toleratesBrokenServers: true
        )
        #expect(catalog.servers.map(\.name) == ["a", "c"])
        #expect(catalog.failures.map(\.name) == ["b"])
        #expect(catalog.failures.first?.error.code == .accessDenied)
    }

    @Test(arguments: ["", "b/"])
    func `unless that is asked for, and where none can be read, it is an error`(denied: ObjectKey) async throws {
        let loader = CatalogLoader(store: store(denying: denied))
        let error = await #expect(throws: ObjectStoreError.self) {
            try await loader.load(ArchiveLocation(destinationPath: "s3://bucket"), toleratesBrokenServers: denied == "")
        }
        #expect(error?.code == .accessDenied)
    }
}
