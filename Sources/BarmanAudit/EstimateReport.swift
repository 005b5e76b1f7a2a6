public import BarmanCatalog
public import ObjectStorage

/// What an audit of a location would ask of the store.
public struct EstimateReport: Sendable {
    /// What would be looked at, as it was written.
    public var location: String
    /// What was found out.
    public var estimate: ListingEstimate
    /// What the store was asked to find that out.
    public var requests: RequestStatistics
    /// What the store asks for requests, nil where that is nothing or not known.
    public var prices: RequestPrices?

    /// A report of these parts.
    public init(
        location: String,
        estimate: ListingEstimate,
        requests: RequestStatistics,
        prices: RequestPrices? = nil
    ) {
        self.location = location
        self.estimate = estimate
        self.requests = requests
        self.prices = prices
    }

    /// The requests of a load, in US dollars, nil where nobody asks for money.
    var cost: Double? {
        var asked = RequestStatistics()
        asked.list = estimate.listRequests
        asked.get = estimate.reads
        return prices?.cost(of: asked)
    }
}
