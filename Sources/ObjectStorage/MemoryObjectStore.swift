import Synchronization

/// A store in memory, for tests, for examples, and for listings read from elsewhere.
public final class MemoryObjectStore: DeletableObjectStore {
    /// One object: when it was written, and its bytes, or only how many there are.
    public struct Object: Sendable {
        /// The bytes, nil where only the size is known.
        public var body: [UInt8]?
        /// The size, in bytes.
        public var size: Int64
        /// When it was written, in microseconds since 1970-01-01 00:00:00 UTC.
        public var lastModified: Int64

        /// An object with a body.
        public init(_ body: [UInt8], lastModified: Int64 = 0) {
            self.body = body
            self.size = Int64(body.count)
            self.lastModified = lastModified
        }

        /// An object of which only the listing is known.
        ///
        /// Reading it fails.
        public init(size: Int64, lastModified: Int64 = 0) {
            self.size = size
            self.lastModified = lastModified
        }
    }

    /// What people call the store.
    public let name: String

    private struct State {
        var keys: [ObjectKey]
        var objects: [ObjectKey: Object]
        var statistics = RequestStatistics()

        mutating func remove(_ key: ObjectKey) {
            guard objects.removeValue(forKey: key) != nil else { return }
            keys.remove(at: keys.firstIndex(notBefore: key))
        }
    }

    private let state: Mutex<State>

    /// A store of these objects.
    public init(_ objects: [ObjectKey: Object] = [:], name: String = "memory") {
        self.name = name
        self.state = Mutex(State(keys: objects.keys.sorted(), objects: objects))
    }

    /// What has been asked of the store so far.
    public var statistics: RequestStatistics {
        state.withLock { $0.statistics }
    }

    /// Puts an object, in place of one of the same key.
    public func put(_ key: ObjectKey, _ object: Object) {
        state.withLock { state in
            if state.objects.updateValue(object, forKey: key) == nil {
                state.keys.insert(key, at: state.keys.firstIndex(notBefore: key))
            }
        }
    }

    /// Removes an object, if it is there.
    public func remove(_ key: ObjectKey) {
        state.withLock { $0.remove(key) }
    }

    /// One page of a listing; the token is the last key or common prefix of the page.
    public func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        state.withLock { state in
            state.statistics.list += 1
            var roller = PageRoller(request: request)
            let start = state.keys.firstIndex(notBefore: roller.firstCandidate)
            for key in state.keys[start...] {
                guard key.hasPrefix(request.prefix), !roller.isFull else { break }
                guard let object = state.objects[key] else { continue }
                roller.add(ObjectSummary(key: key, size: object.size, lastModified: object.lastModified))
            }
            return roller.page
        }
    }

    /// The body of an object, whole or in part.
    public func get(
        _ key: ObjectKey,
        range: Range<Int64>?,
        limit: Int
    ) async throws(ObjectStoreError) -> [UInt8] {
        let object = state.withLock { state in
            state.statistics.get += 1
            return state.objects[key]
        }
        guard let object else {
            throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
        }
        guard let body = object.body else {
            throw ObjectStoreError(.unsupported, "object \(key) in \(name) has no body: only its listing is known")
        }
        let wanted = try ByteRange.resolve(range, size: object.size, limit: limit, key: key, store: name)
        state.withLock { $0.statistics.bytesReceived += Int64(wanted.count) }
        return Array(body[Int(wanted.lowerBound)..<Int(wanted.upperBound)])
    }

    /// What the store knows of an object without its body.
    public func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        let object = state.withLock { state in
            state.statistics.head += 1
            return state.objects[key]
        }
        guard let object else {
            throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
        }
        return ObjectSummary(key: key, size: object.size, lastModified: object.lastModified)
    }

    /// Deletes objects, and says of each what became of it.
    public func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        try DeletionOutcome.check(keys, store: name)
        guard !keys.isEmpty else { return [] }
        return state.withLock { state in
            state.statistics.delete += 1
            return keys.map { key in
                if let refusal = key.deletionRefusal(in: name) { return .failed(refusal) }
                state.remove(key)
                return .deleted
            }
        }
    }
}

extension Array where Element == ObjectKey {
    /// The index of the first key that is not before `key`, by bisection.
    fileprivate func firstIndex(notBefore key: ObjectKey) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
