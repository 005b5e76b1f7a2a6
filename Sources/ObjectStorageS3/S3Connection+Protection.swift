internal import ObjectStorage

/// What the bucket keeps of deleted objects.
extension S3Connection {
    // 64 KiB: the answers have a few lines.
    private static let settingLimit = 65536

    /// The answer to GetBucketVersioning.
    func versioning() async throws(ObjectStoreError) -> DeletionProtection.Versioning {
        let (document, refusal) = try await setting("versioning")
        guard let document else { return .unknown(refusal) }
        do {
            return try BucketSetting.versioning(in: document)
        } catch {
            return .unknown(Self.unreadable(error))
        }
    }

    /// The answer to GetObjectLockConfiguration.
    func objectLock() async throws(ObjectStoreError) -> DeletionProtection.ObjectLock {
        let (document, refusal) = try await setting("object-lock")
        guard let document else { return Self.absences.contains(refusal) ? .off : .unknown(refusal) }
        do {
            return try BucketSetting.objectLock(in: document)
        } catch {
            return .unknown(Self.unreadable(error))
        }
    }

    // AWS says the one, others the other.
    private static let absences = ["ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration"]

    /// The document of a setting; nil, and the word of the store, where it has none to give.
    ///
    /// Throws what may pass, and what is wrong with every request.
    private func setting(_ name: String) async throws(ObjectStoreError) -> ([UInt8]?, refusal: String) {
        let (response, error) = try await ask(
            Call(
                kind: \.get,
                query: [QueryItem(name, nil)],
                bodyLimit: Self.settingLimit,
                firstByte: configuration.timeouts.firstByte
            )
        )
        if response.status == 200 {
            let answer = failure(nil)
            return (try plainDocument(of: response, limit: Self.settingLimit, answer, wanted: "a setting"), "")
        }
        let reason = failure(nil).explain(response, error)
        guard !reason.isRetryable else { throw reason }
        return (nil, error.map { printable($0.code) } ?? "status \(response.status)")
    }

    private static func unreadable(_ failure: XMLFailure) -> String {
        "an answer that cannot be read: \(failure.message)"
    }
}
