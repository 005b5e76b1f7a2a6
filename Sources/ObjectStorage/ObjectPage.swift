internal import Glibc

/// One page of a listing: up to some thousand objects, in ascending byte order of their keys.
///
/// The keys of a page lie in one buffer, so that a page of a thousand keys costs a few allocations and not a
/// thousand. Read them with ``key(at:)``; make an ``ObjectSummary`` only of what you keep.
public struct ObjectPage: Hashable, Sendable {
    /// Where the listing goes on, nil where it ends with this page.
    public var continuation: ContinuationToken?

    /// The keys that a delimiter rolled up, each up to and including the delimiter, in byte order.
    public var commonPrefixes: [ObjectKey] = []

    /// What the store said that contradicts itself, but does not make the page useless.
    public var suspicions: [String] = []

    /// What lies among the objects and is none, so that nobody knows what it stands for: symbolic links and the like
    /// in a directory.
    public var passedOver: [ObjectKey] = []

    private var keys: [UInt8] = []
    private var etags: [UInt8] = []
    private var entries: [Entry] = []

    private struct Entry: Hashable {
        var keyEnd: Int
        var etagEnd: Int
        var size: Int64
        var lastModified: Int64
    }

    /// An empty page, with room for `capacity` objects.
    public init(capacity: Int = 0) {
        // 80 bytes: a WAL key with a prefix of ordinary length.
        keys.reserveCapacity(capacity * 80)
        // 32 bytes: an MD5 in hexadecimal digits.
        etags.reserveCapacity(capacity * 32)
        entries.reserveCapacity(capacity)
    }

    /// The number of objects on the page, common prefixes not among them.
    public var count: Int { entries.count }

    /// The positions of the objects.
    public var indices: Range<Int> { entries.indices }

    /// The bytes of the key at `index`, valid while the page is.
    @_lifetime(borrow self)
    public func key(at index: Int) -> Span<UInt8> {
        keys.span.extracting(start(of: index)..<entries[index].keyEnd)
    }

    /// The size of the object at `index`, in bytes.
    public func size(at index: Int) -> Int64 { entries[index].size }

    /// When the object at `index` was written, in microseconds since 1970-01-01 00:00:00 UTC.
    public func lastModified(at index: Int) -> Int64 { entries[index].lastModified }

    /// The entity tag of the object at `index`, without quotes, nil where the store gave none.
    public func etag(at index: Int) -> String? {
        let tag = etags[etagRange(at: index)]
        return tag.isEmpty ? nil : String(decoding: tag, as: UTF8.self)
    }

    private func etagRange(at index: Int) -> Range<Int> {
        (index == 0 ? 0 : entries[index - 1].etagEnd)..<entries[index].etagEnd
    }

    /// The object at `index` as a value of its own.
    public func summary(at index: Int) -> ObjectSummary {
        ObjectSummary(
            key: ObjectKey(bytes: Array(keys[start(of: index)..<entries[index].keyEnd])),
            size: size(at: index),
            lastModified: lastModified(at: index),
            etag: etag(at: index)
        )
    }

    /// Adds an object behind those already on the page.
    public mutating func append(
        key: some Collection<UInt8>,
        size: Int64,
        lastModified: Int64,
        etag: some Collection<UInt8>
    ) {
        keys.append(contentsOf: key)
        etags.append(contentsOf: etag)
        entries.append(
            Entry(keyEnd: keys.count, etagEnd: etags.count, size: size, lastModified: lastModified)
        )
    }

    /// Adds an object behind those already on the page.
    public mutating func append(_ summary: ObjectSummary) {
        append(
            key: summary.key.bytes,
            size: summary.size,
            lastModified: summary.lastModified,
            etag: Array((summary.etag ?? "").utf8)
        )
    }

    /// Adds an object behind those already on the page.
    package mutating func append(key: Span<UInt8>, size: Int64, lastModified: Int64, etag: Span<UInt8>) {
        unsafe key.withUnsafeBufferPointer { unsafe keys.append(contentsOf: $0) }
        unsafe etag.withUnsafeBufferPointer { unsafe etags.append(contentsOf: $0) }
        entries.append(
            Entry(keyEnd: keys.count, etagEnd: etags.count, size: size, lastModified: lastModified)
        )
    }

    /// The same page with other keys, in the same order.
    ///
    /// - Parameter body: it is given each key, and adds the other one to all those before.
    package func replacingKeys<Failure: Error>(
        _ body: (Span<UInt8>, inout [UInt8]) throws(Failure) -> Void
    ) throws(Failure) -> ObjectPage {
        var replaced = self
        var keys: [UInt8] = []
        keys.reserveCapacity(self.keys.count)
        for index in indices {
            try body(key(at: index), &keys)
            replaced.entries[index].keyEnd = keys.count
        }
        replaced.keys = keys
        return replaced
    }

    /// Whether any key has one of two bytes in it.
    package func hasKey(containing first: UInt8, or second: UInt8) -> Bool {
        unsafe keys.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe memchr(start, Int32(first), bytes.count) != nil
                || memchr(start, Int32(second), bytes.count) != nil
        }
    }

    private func start(of index: Int) -> Int {
        index == 0 ? 0 : entries[index - 1].keyEnd
    }
}

/// A store's own word for where a listing goes on: opaque bytes, never interpreted.
public struct ContinuationToken: Hashable, Sendable {
    /// The bytes as the store gave them.
    public var bytes: [UInt8]

    /// A token of these bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
