/// How many requests a store has answered, by class, and what came over.
public struct RequestStatistics: Hashable, Sendable {
    /// LIST requests, repeated ones included.
    public var list = 0
    /// GET requests, repeated ones included.
    public var get = 0
    /// HEAD requests, repeated ones included.
    public var head = 0
    /// DELETE and DeleteObjects requests, repeated ones included.
    public var delete = 0
    /// How many of the requests were repetitions of failed ones.
    public var retries = 0
    /// How often the store asked to slow down.
    public var throttles = 0
    /// Bytes of response bodies.
    public var bytesReceived: Int64 = 0

    /// Nothing asked yet.
    public init() {}

    /// The sum, field by field.
    public static func + (left: RequestStatistics, right: RequestStatistics) -> RequestStatistics {
        var sum = left
        sum.list += right.list
        sum.get += right.get
        sum.head += right.head
        sum.delete += right.delete
        sum.retries += right.retries
        sum.throttles += right.throttles
        sum.bytesReceived += right.bytesReceived
        return sum
    }
}
