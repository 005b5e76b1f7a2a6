public import ObjectStorage

/// A bucket of an S3 store.
///
/// ```swift
/// let credentials = S3Credentials(accessKeyID: id, secretAccessKey: secret)
/// let store = try S3ObjectStore(S3Configuration(bucket: "backups", endpoint: url, credentials: credentials))
/// let page = try await store.list(ListRequest(prefix: "base/"))
/// ```
///
/// Requests are repeated where that may help, signed anew each time. A wrong region and a wrong local clock are
/// corrected once from what the server says. Redirects are never followed.
public final class S3ObjectStore: DeletableObjectStore {
    private let connection: S3Connection
    private let retrying: RetryingObjectStore<S3Connection>

    /// A store that has not been asked anything yet.
    public convenience init(_ configuration: S3Configuration) throws(ObjectStoreError) {
        try self.init(configuration, world: S3World())
    }

    /// A store in a world of its own, for tests.
    package init(_ configuration: S3Configuration, world: S3World) throws(ObjectStoreError) {
        connection = try S3Connection(configuration, world: world)
        var policy = RetryPolicy(maxAttempts: configuration.maxAttempts)
        policy.altogether = configuration.timeouts.altogether
        retrying = RetryingObjectStore(
            connection,
            policy: policy,
            sleep: world.sleep,
            random: world.random
        )
    }

    /// The location of the bucket: `s3://bucket`.
    public var name: String { connection.name }

    /// Who runs the store, as far as its address tells.
    public var provider: S3Provider { S3Provider(connection.configuration) }

    /// The most requests that are under way at once.
    public var concurrency: Int { connection.configuration.concurrency }

    /// What has been asked of the bucket so far.
    public var statistics: RequestStatistics { retrying.statistics }

    /// What the answers of the server have shown of its clock.
    public var clock: StoreClock { connection.clock }

    /// The first listing or read that came out of a cache.
    public var cachedAnswer: String? { connection.cachedAnswer }

    /// One page of a listing.
    public func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        try await retrying.list(request)
    }

    /// The body of an object, whole or in part.
    public func get(
        _ key: ObjectKey,
        range: Range<Int64>?,
        limit: Int
    ) async throws(ObjectStoreError) -> [UInt8] {
        try await retrying.get(key, range: range, limit: limit)
    }

    /// Size, time and entity tag of an object.
    public func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        try await retrying.head(key)
    }

    /// Deletes objects, and says of each what became of it.
    ///
    /// Many at once, or one by one where the store does not know how to: that is found out once.
    public func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        try await retrying.delete(keys)
    }

    /// What the bucket keeps of deleted objects, as far as the store says.
    ///
    /// Two requests. That a store does not know them, or refuses them to this key, is an answer as well.
    /// Throws where the task was cancelled, and for no other reason.
    public func protection() async throws(ObjectStoreError) -> DeletionProtection {
        DeletionProtection(
            versioning: try await told({ () async throws(ObjectStoreError) in try await connection.versioning() }) {
                .unknown($0)
            },
            objectLock: try await told({ () async throws(ObjectStoreError) in try await connection.objectLock() }) {
                .unknown($0)
            }
        )
    }

    private func told<Value>(
        _ question: () async throws(ObjectStoreError) -> Value,
        otherwise: (String) -> Value
    ) async throws(ObjectStoreError) -> Value {
        do {
            return try await retrying.repeating(question)
        } catch {
            guard error.code != .cancelled else { throw error }
            return otherwise(error.message)
        }
    }
}
