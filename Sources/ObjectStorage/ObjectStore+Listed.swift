extension ObjectStore {
    /// The whole body of an object, as a listing showed it or as the store says that it is now.
    ///
    /// A listing tells how long a body is. Another length means that the object was replaced meanwhile, or that
    /// something else answered in the place of the store, whose page must not be taken for the object.
    package func get(_ listed: ObjectSummary, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        var size = listed.size
        var bytes: [UInt8] = []
        for attempt in 1...Self.attempts {
            bytes = try await get(listed.key, limit: limit)
            if Int64(bytes.count) == size { return bytes }
            guard attempt == 2 else { continue }
            size = try await head(listed.key).size
            if Int64(bytes.count) == size { return bytes }
        }
        throw ObjectStoreError(
            .badResponse,
            "object \(listed.key) in \(name) has \(size) bytes, \(listed.size) when it was listed, and came with "
                + "\(bytes.count)",
            hint: "it is being written, or something else answers in the place of the store: try again"
        )
    }

    // Five, as of any request that may go better the next time.
    private static var attempts: Int { 5 }
}
