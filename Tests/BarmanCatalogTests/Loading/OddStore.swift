import ObjectStorage
import Synchronization

/// A store in memory whose listings are odd in one way.
final class OddStore: ObjectStore {
    /// What is odd.
    enum Oddity: String, CaseIterable {
        /// Nothing but the size of its pages.
        case none
        /// It begins from the start, whatever it is to start after.
        case ignoresStart
        /// It finds nothing behind a key that does not exist.
        case findsNothing
        /// It leaves out the first key behind the start.
        case losesFirst
        /// It begins with the last key before the start.
        case repeatsLast
        /// Behind a start, keys come in the wrong order.
        case disorders
        /// Behind a start, it hands out the same token again and again.
        case stands
    }

    private let objects: MemoryObjectStore
    private let oddity: Oddity
    private let pageSize: Int
    /// Called before each page, with the number of pages that were listed before.
    private let meanwhile: @Sendable (Int, MemoryObjectStore) -> Void
    private let pages = Atomic(0)

    init(
        _ objects: MemoryObjectStore,
        _ oddity: Oddity = .none,
        pageSize: Int = 1000,
        meanwhile: @escaping @Sendable (Int, MemoryObjectStore) -> Void = { _, _ in }
    ) {
        self.objects = objects
        self.oddity = oddity
        self.pageSize = pageSize
        self.meanwhile = meanwhile
    }

    var name: String { "odd" }
    var statistics: RequestStatistics { objects.statistics }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        meanwhile(pages.wrappingAdd(1, ordering: .relaxed).oldValue, objects)
        var request = request
        request.maxKeys = min(request.maxKeys, pageSize)
        guard request.startAfter != nil else { return try await objects.list(request) }
        let isFirst = request.continuation == nil
        switch oddity {
        case .none: break
        case .ignoresStart: if isFirst { request.startAfter = nil }
        case .findsNothing: return isFirst ? ObjectPage() : try await objects.list(request)
        case .losesFirst:
            let page = try await objects.list(request)
            return isFirst ? page.changed { Array($0.dropFirst()) } : page
        case .repeatsLast:
            guard isFirst, let start = request.startAfter else { break }
            let all = try await objects.list(ListRequest(prefix: request.prefix, maxKeys: .max))
            let before = all.indices.map(all.summary).last { $0.key <= start }
            return try await objects.list(request).changed { (before.map { [$0] } ?? []) + $0 }
        case .disorders:
            return try await objects.list(request).changed { $0.reversed() }
        case .stands:
            var page = try await objects.list(request)
            if page.continuation != nil { page.continuation = ContinuationToken(bytes: [1]) }
            return page
        }
        return try await objects.list(request)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        try await objects.get(key, range: range, limit: limit)
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        try await objects.head(key)
    }
}

extension ObjectPage {
    /// The page with other objects.
    fileprivate func changed(_ change: ([ObjectSummary]) -> [ObjectSummary]) -> ObjectPage {
        var page = ObjectPage()
        page.continuation = continuation
        for object in change(indices.map(summary)) { page.append(object) }
        return page
    }
}
