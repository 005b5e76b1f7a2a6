public import ObjectStorage

/// Who runs a store, as far as its address tells.
public enum S3Provider: String, Hashable, Sendable, CaseIterable {
    /// Amazon S3.
    case aws
    /// Cloudflare R2.
    case r2
    /// Backblaze B2.
    case b2
    /// Garage, which is told by the region that it has unless somebody changed it.
    case garage
    /// Any other, mostly one that people run themselves.
    case other

    /// The provider of a configuration.
    public init(_ configuration: S3Configuration) {
        self.init(endpoint: configuration.endpoint, region: configuration.region)
    }

    /// The provider at an endpoint, nil for AWS, with the region that requests are signed for.
    public init(endpoint: String?, region: String?) {
        let host = endpoint.flatMap { try? S3Endpoint.parse($0, bucket: "") }?.host ?? ""
        self =
            if endpoint == nil || host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn") {
                .aws
            } else if host.hasSuffix(".r2.cloudflarestorage.com") {
                .r2
            } else if host.hasSuffix(".backblazeb2.com") {
                .b2
            } else {
                region == "garage" ? .garage : .other
            }
    }

    /// How many requests at once the store takes without being asked to slow down.
    ///
    /// AWS allows 5,500 a second below one prefix; each LIST of Garage asks a quorum of its nodes, which often are small.
    public var concurrency: Int {
        switch self {
        case .aws: 16
        case .r2, .b2, .other: 8
        case .garage: 4
        }
    }

    /// The list prices of the store's standard class, nil where nobody asks for money.
    ///
    /// From the price pages of Cloudflare and Backblaze; of AWS, us-east-1, from pages that quote it.
    public var prices: RequestPrices? {
        switch self {
        case .aws: RequestPrices(source: .init(provider: "AWS S3 Standard", asOf: "2026-11-20"), list: 5, get: 0.4)
        case .r2: RequestPrices(source: .init(provider: "Cloudflare R2", asOf: "2026-11-20"), list: 4.5, get: 0.36)
        case .b2: RequestPrices(source: .init(provider: "Backblaze B2", asOf: "2026-11-20"), list: 4, get: 0.4)
        case .garage, .other: nil
        }
    }
}
