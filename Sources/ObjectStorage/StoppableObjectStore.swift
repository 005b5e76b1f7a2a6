internal import Synchronization

/// A store that can be told to begin no further request.
///
/// What is under way is left to end: of a deletion that was asked for it should be known what became of it. Where
/// its task is cancelled all the same, the keys are ``DeletionOutcome/unknown``, so that a log has a line for each.
public final class StoppableObjectStore: DeletableObjectStore {
    private let base: any DeletableObjectStore
    private let flag = Atomic(false)
    private let deletions = Atomic<Int>(0)

    /// A store that asks `base` until it is stopped.
    public init(_ base: any DeletableObjectStore) {
        self.base = base
    }

    /// Lets no further request begin.
    public func stop() { flag.store(true, ordering: .sequentiallyConsistent) }

    /// Whether a deletion is under way.
    public var isDeleting: Bool { deletions.load(ordering: .sequentiallyConsistent) > 0 }

    /// What people call the store: the name of the one that is asked.
    public var name: String { base.name }

    /// What was asked of the other store.
    public var statistics: RequestStatistics { base.statistics }

    /// What is known of the clock of the other store.
    public var clock: StoreClock { base.clock }

    /// The first answer of the other store that came out of a cache.
    public var cachedAnswer: String? { base.cachedAnswer }

    /// One page of a listing.
    public func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        try check()
        return try await base.list(request)
    }

    /// The body of an object, whole or in part.
    public func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        try check()
        return try await base.get(key, range: range, limit: limit)
    }

    /// What the store knows of an object without its body.
    public func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        try check()
        return try await base.head(key)
    }

    /// Deletes objects, and says of each what became of it.
    public func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        // Counted first, looked at then: whoever stops it sees the deletion, or the deletion sees the stop.
        deletions.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { deletions.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        try check()
        do throws(ObjectStoreError) {
            return try await base.delete(keys)
        } catch {
            guard error.code == .cancelled, flag.load(ordering: .sequentiallyConsistent) else { throw error }
            return keys.map { _ in .unknown }
        }
    }

    private func check() throws(ObjectStoreError) {
        guard !flag.load(ordering: .sequentiallyConsistent) else {
            throw ObjectStoreError(.cancelled, "no further request is made to \(name)")
        }
    }
}
