import ObjectStorage

/// A store that has a great many WAL segments of one server and holds none of them: it makes each page when asked.
struct EndlessWALStore: ObjectStore {
    /// How many segments there are.
    let count: Int

    var name: String { "endless" }
    var statistics: RequestStatistics { RequestStatistics() }

    private static let prefix = Array("some/prefix/example-db/wals/".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let pageSize = 1000

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        let start =
            request.continuation.map { $0.bytes.reduce(0) { $0 << 8 | Int($1) } } ?? first(behind: request.startAfter)
        let end = min(count, start + Self.pageSize)
        var page = ObjectPage(capacity: end - start)
        for number in start..<end {
            let key = key(of: number)
            page.append(key: key, size: 1 << 20, lastModified: Int64(number), etag: key.prefix(32))
        }
        if end < count {
            page.continuation = ContinuationToken(
                bytes: stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: end >> $0) }
            )
        }
        return page
    }

    /// The number of the first segment whose key is greater than this one, by bisection.
    private func first(behind key: ObjectKey?) -> Int {
        guard let key else { return 0 }
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if key.bytes.lexicographicallyPrecedes(self.key(of: middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func key(of number: Int) -> [UInt8] {
        var key = Self.prefix
        appendHex(UInt64(1) << 32 | UInt64(number >> 8), digits: 16, to: &key)
        key.append(UInt8(ascii: "/"))
        appendHex(UInt64(1) << 32 | UInt64(number >> 8), digits: 16, to: &key)
        appendHex(UInt64(number & 0xFF), digits: 8, to: &key)
        return key + Array(".gz".utf8)
    }

    private func appendHex(_ value: UInt64, digits: Int, to key: inout [UInt8]) {
        for index in stride(from: digits - 1, through: 0, by: -1) {
            key.append(Self.digits[Int(value >> UInt64(4 * index) & 0xF)])
        }
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        throw ObjectStoreError(.noSuchKey, "no object \(key) in \(name)")
    }
}
