import ObjectStorage
import Synchronization

/// A store that lists objects and hands none of them out: they were deleted meanwhile, or the store contradicts itself.
final class EmptiedStore: ObjectStore {
    private let listed: MemoryObjectStore
    private let isDegraded: Bool
    private let isAsked = Atomic(false)

    /// A store that lists these objects for ever where it is degraded, else until one of them was asked for.
    init(listed: MemoryObjectStore, isDegraded: Bool = false) {
        self.listed = listed
        self.isDegraded = isDegraded
    }

    var name: String { "emptied" }
    var statistics: RequestStatistics { listed.statistics }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        guard isDegraded || !isAsked.load(ordering: .sequentiallyConsistent) else { return ObjectPage() }
        return try await listed.list(request)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        isAsked.store(true, ordering: .sequentiallyConsistent)
        throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
    }
}
