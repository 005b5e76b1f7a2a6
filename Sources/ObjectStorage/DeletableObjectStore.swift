/// A store whose objects can be deleted.
///
/// A protocol of its own, so that what is handed an ``ObjectStore`` can look and nothing else. What every such
/// store keeps, besides the contract of ``ObjectStore``:
/// - Nothing is deleted but the keys asked for, compared byte by byte.
/// - Each key has an outcome of its own: one that cannot be deleted does not keep the others.
/// - A key that is not there counts as deleted: S3 cannot tell the two apart, and what is deleted twice because
///   the first answer was lost is no failure.
/// - A request that fails as a whole throws, and then nothing is known of any of its keys.
/// - A key that stores would read differently is refused, see ``ObjectKey/refusesDeletion``.
/// - What an outcome says is what the store said. Whoever must be sure lists again.
public protocol DeletableObjectStore: ObjectStore {
    /// Deletes objects, and says of each what became of it.
    ///
    /// - Parameter keys: at most ``DeletionOutcome/mostKeys``; more throw ``ObjectStoreError/Code/tooLarge``, and
    ///   nothing is deleted. None at all is no request.
    /// - Returns: one outcome for each key, in the order of the keys.
    func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome]
}

/// What became of one key that was to be deleted.
public enum DeletionOutcome: Hashable, Sendable {
    /// There is no such object any more, or never was.
    case deleted

    /// The store keeps versions and only hid the object behind a delete marker: it is in no listing any more, and
    /// takes as much space as before.
    case hidden

    /// The object may still be there: the store refused, or the request for this key alone brought no answer.
    case failed(ObjectStoreError)

    /// The store answered, but did not mention the key.
    case unknown

    /// The most keys that one call takes.
    ///
    /// 1,000: the most that one DeleteObjects request takes.
    public static let mostKeys = 1000

    /// Refuses what one call cannot take.
    package static func check(_ keys: [ObjectKey], store: String) throws(ObjectStoreError) {
        guard keys.count <= mostKeys else {
            throw ObjectStoreError(
                .tooLarge,
                "\(keys.count) objects of \(store) cannot be deleted in one call, which takes at most \(mostKeys)"
            )
        }
    }
}

extension ObjectKey {
    /// Whether the key means different objects to different stores, so that no store is asked to delete it.
    ///
    /// It is empty, which names the bucket itself; or begins with a slash, which Garage and MinIO drop; or has a
    /// part `.` or `..`, which proxies and file systems resolve.
    public var refusesDeletion: Bool {
        bytes.isEmpty || bytes.first == 0x2F
            || bytes.split(separator: 0x2F).contains { $0.elementsEqual([0x2E]) || $0.elementsEqual([0x2E, 0x2E]) }
    }

    /// The failure of a key that is not to be deleted, nil where it may be.
    package func deletionRefusal(in store: String) -> ObjectStoreError? {
        guard refusesDeletion else { return nil }
        return ObjectStoreError(
            .unsupported,
            "object \"\(self)\" in \(store) is not deleted: stores disagree which object this key names",
            hint: "delete it by hand with a tool of the store's provider"
        )
    }
}
