extension ObjectStore {
    /// The whole body of an object, as a listing showed it or as the store says that it is now.
    ///
    /// A listing tells how long a body is. Another length means that the object was replaced meanwhile, or that
    /// something else answered in the place of the store, whose page must not be taken for the object.
    package func get(_ listed: ObjectSummary, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        var bytes = try await get(listed.key, limit: limit)
        if Int64(bytes.count) != listed.size { bytes = try await get(listed.key, limit: limit) }
        guard Int64(bytes.count) != listed.size else { return bytes }
        let size = try await head(listed.key).size
        guard Int64(bytes.count) == size else {
            throw ObjectStoreError(
                .badResponse,
                "object \(listed.key) in \(name) has \(size) bytes, \(listed.size) when it was listed, and came with "
                    + "\(bytes.count)",
                hint: "it is being written, or something else answers in the place of the store: try again"
            )
        }
        return bytes
    }
}
