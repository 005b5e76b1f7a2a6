/// What a store asks for requests.
public struct RequestPrices: Hashable, Sendable {
    /// A provider's list prices, as they were read on some day.
    public struct Source: Hashable, Sendable {
        /// Whose prices they are.
        public var provider: String
        /// When they were read: `2026-11-20`.
        public var asOf: String

        /// The list prices of a provider on a day.
        public init(provider: String, asOf: String) {
            self.provider = provider
            self.asOf = asOf
        }
    }

    /// Where the prices are from, nil where they were given by whoever asks.
    public var source: Source?
    /// Of a million LIST requests, in US dollars.
    public var list: Double
    /// Of a million GET and HEAD requests, in US dollars.
    public var get: Double
    /// Of a million requests that delete, in US dollars.
    public var delete: Double

    /// Prices of a million requests each, in US dollars.
    public init(source: Source?, list: Double, get: Double, delete: Double = 0) {
        self.source = source
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
