import ObjectStorage

/// A store of one server with a great many WAL segments, of which it holds none: pages are made when asked for.
///
/// Every page is a copy of one page with other digits, so that making it costs little beside reading it.
struct GeneratedStore: ObjectStore {
    /// How many segments there are, a multiple of 1,024.
    let count: Int

    var name: String { "generated" }
    var statistics: RequestStatistics { RequestStatistics() }

    private static let prefix = "some/prefix/example-db/wals/"
    // Four directories of 256 segments of 16 MiB.
    private static let pageSize = 1024

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        guard request.startAfter == nil else { return ObjectPage() }
        let number = (request.continuation?.bytes ?? []).reduce(0) { $0 << 8 | Int($1) }
        var page = Self.page(number)
        if (number + 1) * Self.pageSize < count {
            page.continuation = ContinuationToken(
                bytes: stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: (number + 1) >> $0) }
            )
        }
        return page
    }

    private static func page(_ number: Int) -> ObjectPage {
        var page = ObjectPage(capacity: pageSize)
        var key = Array("\(prefix)0000000100000000/000000010000000000000000.gz".utf8)
        let (directory, name) = (prefix.utf8.count + 8, prefix.utf8.count + 25)
        let etag = Array("d41d8cd98f00b204e9800998ecf8427e".utf8)
        for index in 0..<pageSize {
            let segment = number * pageSize + index
            write(segment >> 8, at: directory, of: &key)
            write(segment >> 8, at: name, of: &key)
            write(segment & 255, at: name + 8, of: &key)
            page.append(key: key, size: 5 << 20, lastModified: Int64(segment), etag: etag)
        }
        return page
    }

    private static func write(_ value: Int, at start: Int, of key: inout [UInt8]) {
        for digit in 0..<8 {
            let nibble = UInt8(value >> (28 - 4 * digit) & 15)
            key[start + digit] = nibble < 10 ? 48 + nibble : 55 + nibble
        }
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        throw ObjectStoreError(.noSuchKey, "no object \(key)")
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        throw ObjectStoreError(.noSuchKey, "no object \(key)")
    }
}
