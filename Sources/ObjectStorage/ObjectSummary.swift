/// What a listing or a HEAD says about one object.
public struct ObjectSummary: Hashable, Sendable {
    /// The name of the object.
    public var key: ObjectKey

    /// The size of the stored body, in bytes.
    public var size: Int64

    /// When the store last wrote the object, in microseconds since 1970-01-01 00:00:00 UTC.
    public var lastModified: Int64

    /// The entity tag without quotes and `W/`, nil where the store gave none.
    public var etag: String?

    /// A summary of these parts.
    public init(key: ObjectKey, size: Int64, lastModified: Int64, etag: String? = nil) {
        self.key = key
        self.size = size
        self.lastModified = lastModified
        self.etag = etag
    }
}
