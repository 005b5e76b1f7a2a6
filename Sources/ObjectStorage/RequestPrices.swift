/// What a store asks for requests, as its list prices were read on some day.
public struct RequestPrices: Hashable, Sendable {
    /// Whose prices they are.
    public var provider: String
    /// When they were read: `2026-11-20`.
    public var asOf: String
    /// Of a million LIST requests, in US dollars.
    public var list: Double
    /// Of a million GET and HEAD requests, in US dollars.
    public var get: Double
    /// Of a million requests that delete, in US dollars.
    public var delete: Double

    /// Prices of a million requests each, in US dollars.
    public init(provider: String, asOf: String, list: Double, get: Double, delete: Double = 0) {
        self.provider = provider
        self.asOf = asOf
        self.list = list
        self.get = get
        self.delete = delete
    }

    /// What these requests cost, in US dollars, without what is free of charge up to some number.
    public func cost(of requests: RequestStatistics) -> Double {
        let read = Double(requests.get + requests.head)
        return (Double(requests.list) * list + read * get + Double(requests.delete) * delete) / 1_000_000
    }
}
