/// Where a bucket is, and how to reach it.
public struct S3Configuration: Sendable {
    /// How a request names its bucket.
    public enum Addressing: String, Hashable, Sendable, CaseIterable {
        /// In the path where an endpoint is given, in the host name for AWS.
        case automatic = "auto"
        /// In the path: `https://host/bucket/key`.
        case path
        /// In the host name: `https://bucket.host/key`.
        case virtual
    }

    /// How long the parts of a request may take.
    public struct Timeouts: Hashable, Sendable {
        /// Until there is a connection, TLS included.
        public var connect = Duration.seconds(10)
        /// From the request to the first byte of an answer.
        public var firstByte = Duration.seconds(30)
        /// The same for a listing, which a store may have to gather for minutes, and for a deletion of many objects.
        public var firstByteOfListing = Duration.seconds(180)
        /// Between two bytes of an answer.
        public var stall = Duration.seconds(30)
        /// For one page of a listing, or one deletion of many objects, altogether.
        public var listing = Duration.seconds(300)
        /// For all requests together, from the making of the store on; nil for as long as it takes.
        ///
        /// What reads is cut off then; a request that deletes is not, but no other one follows it.
        public var altogether: Duration?

        /// The times above.
        public init() {}
    }

    /// The name of the bucket.
    public var bucket: String

    /// The address of the store: `https://host:port`, nil for AWS.
    public var endpoint: String?

    /// The region that requests are signed for, nil to tell it from the endpoint.
    public var region: String?

    /// Who asks.
    public var credentials: CredentialsSource

    /// How a request names its bucket.
    public var addressing = Addressing.automatic

    /// A file of certificates in PEM form that replaces the system's.
    public var caFile: String?

    /// The most attempts at one request.
    public var maxAttempts = 5

    /// Whether session tokens and deletions go over http to addresses outside of private networks, too.
    public var allowsPublicHTTP = false

    /// The most requests, and so connections, at a time.
    public var concurrency = 8

    /// Expands an answer in the gzip format to at most so many bytes, nil to refuse such answers.
    ///
    /// Listings are asked for without compression, but a proxy on the way may compress them all the same.
    public var gunzip: (@Sendable (_ bytes: [UInt8], _ limit: Int) throws -> [UInt8])?

    /// What the program calls itself.
    public var userAgent = "cellarman"

    /// How long the parts of a request may take.
    public var timeouts = Timeouts()

    /// The configuration of a bucket that is asked with a key pair; everything else is ready to use.
    public init(bucket: String, endpoint: String? = nil, region: String? = nil, credentials: S3Credentials) {
        self.init(bucket: bucket, endpoint: endpoint, region: region, credentials: CredentialsSource(credentials))
    }

    /// The configuration of a bucket; everything else is ready to use.
    public init(bucket: String, endpoint: String? = nil, region: String? = nil, credentials: CredentialsSource) {
        self.bucket = bucket
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
    }
}

extension S3Configuration: CustomStringConvertible {
    /// Where the bucket is; nothing that has to be kept secret, not even what was written into a URL by mistake.
    public var description: String {
        "s3://\(bucket) at \(endpoint.map(S3Endpoint.printed) ?? "AWS"), \(credentials)"
    }
}
