import ObjectStorage

/// A store of which everything was deleted after it was listed.
struct EmptiedStore: ObjectStore {
    let listed: MemoryObjectStore

    var name: String { "emptied" }
    var statistics: RequestStatistics { listed.statistics }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        try await listed.list(request)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
    }
}
