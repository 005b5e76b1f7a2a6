/// A place that holds objects under keys: an S3 bucket, a directory, memory.
///
/// The contract of every store, checked by `ObjectStoreSuite` in the tests:
/// - A listing is in ascending byte order of the keys and complete: nothing that was there before it began
///   and stays until it ends is left out. Objects written or deleted meanwhile may or may not appear.
/// - A page may hold fewer objects than asked for, even none, and still have a continuation.
/// - A store may ignore ``ListRequest/startAfter`` where it cannot honour it; ``ObjectListing`` notices.
/// - A failed request throws; it never yields a page with objects missing.
/// - Every operation may be repeated without harm.
public protocol ObjectStore: Sendable {
    /// What people call the store: `s3://bucket` or the path of a directory.
    var name: String { get }

    /// What has been asked of the store so far.
    var statistics: RequestStatistics { get }

    /// What is known of the clock of the store.
    var clock: StoreClock { get }

    /// The first answer to a listing or a read that came out of a cache, as far as the answers say, and how that
    /// shows; nil where none did. A cache may tell of what is gone by now, and not of what has come.
    var cachedAnswer: String? { get }

    /// One page of a listing. Use ``ObjectListing`` to walk all pages with their checks.
    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage

    /// The body of an object, whole or in part.
    ///
    /// - Parameters:
    ///   - key: the object.
    ///   - range: the bytes wanted, nil for all. A range that begins at or behind the end is an error.
    ///   - limit: the most bytes to accept; a longer body throws ``ObjectStoreError/Code/tooLarge``.
    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8]

    /// What the store knows of an object without its body.
    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary
}

extension ObjectStore {
    /// That of a store without a clock of its own.
    public var clock: StoreClock { .local }

    /// None: nothing stands before the store.
    public var cachedAnswer: String? { nil }

    /// The whole body of an object of at most `limit` bytes.
    public func get(_ key: ObjectKey, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        try await get(key, range: nil, limit: limit)
    }
}

/// What one LIST request asks for.
public struct ListRequest: Hashable, Sendable {
    /// Only keys that begin with these bytes.
    public var prefix: ObjectKey

    /// Rolls keys up at the first occurrence of this byte behind the prefix, nil for a flat listing.
    public var delimiter: UInt8?

    /// Only keys greater than this one.
    ///
    /// It must begin with the prefix: some stores answer an empty,
    /// final page otherwise (Garage), some an error (MinIO).
    public var startAfter: ObjectKey?

    /// The token of the page before, which wins over ``startAfter``.
    public var continuation: ContinuationToken?

    /// The most entries a page may hold.
    ///
    /// 1,000 is what every S3 store grants.
    public var maxKeys: Int

    /// A request for the first page below `prefix`.
    public init(
        prefix: ObjectKey,
        delimiter: UInt8? = nil,
        startAfter: ObjectKey? = nil,
        continuation: ContinuationToken? = nil,
        maxKeys: Int = 1000
    ) {
        self.prefix = prefix
        self.delimiter = delimiter
        self.startAfter = startAfter
        self.continuation = continuation
        self.maxKeys = maxKeys
    }
}
