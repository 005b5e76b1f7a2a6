/// Turns a wanted range into one that lies within an object.
enum ByteRange {
    /// The part of `0..<size` that `range` asks for, or an error where there is none or it is too long.
    static func resolve(
        _ range: Range<Int64>?,
        size: Int64,
        limit: Int,
        key: ObjectKey,
        store: String
    ) throws(ObjectStoreError) -> Range<Int64> {
        var wanted = 0..<size
        if let range {
            guard range.lowerBound >= 0, range.lowerBound < size else {
                throw ObjectStoreError(
                    .invalidRange,
                    "bytes \(range.lowerBound)..<\(range.upperBound) of \(key) in \(store) do not exist: it has \(size)"
                )
            }
            wanted = range.lowerBound..<min(range.upperBound, size)
        }
        guard wanted.count <= limit else {
            throw ObjectStoreError(
                .tooLarge,
                "object \(key) in \(store) is too large to read: at most \(limit) bytes expected, got \(wanted.count)"
            )
        }
        return wanted
    }
}
