public import ObjectStorage

/// What environment, profile files or a mounted Secret say of a store, and where they say it.
public struct S3Settings: Sendable {
    /// A setting, and the name of the place it comes from.
    public struct Setting<Value: Sendable>: Sendable {
        /// What it is set to.
        public var value: Value
        /// Where: `environment AWS_REGION`, `profile default in ~/.aws/config`.
        public var source: String

        /// A setting from a place.
        public init(value: Value, source: String) {
            self.value = value
            self.source = source
        }
    }

    /// A place that keys were looked for in.
    public struct Place: Sendable {
        /// What came of it.
        public enum Outcome: String, Sendable {
            /// The keys come from here.
            case used
            /// Nothing is there.
            case empty
            /// Something is there that cannot be used; no other keys are taken in its place.
            case failed
            /// It was not to be looked in.
            case skipped
            /// An earlier place decided.
            case notReached
        }

        /// Which place.
        public var name: String
        /// What came of it.
        public var outcome: Outcome
        /// Why, nil where the outcome says it all.
        public var reason: String?
    }

    /// Where the keys to ask with come from.
    public var credentials: Setting<CredentialsSource>?
    /// The places that keys were looked for in, in the order in which they win.
    public var places: [Place] = []
    /// Why there are no keys although somebody set some, nil where nothing is wrong.
    public var problem: ObjectStoreError?
    /// The profile that was read.
    public var profile: Setting<String>?
    /// The region to sign for.
    public var region: Setting<String>?
    /// The address of the store.
    public var endpoint: Setting<String>?
    /// The name of the bucket.
    public var bucket: Setting<String>?
    /// A file of certificates that replaces the system's.
    public var caFile: Setting<String>?
    /// How a request names its bucket.
    public var addressing: Setting<S3Configuration.Addressing>?

    /// What a user should know: names of variables and files, never values.
    public var warnings: [String] = []

    /// No setting at all.
    public init() {}

    /// The region that requests are signed for at first: the one that is set, or what the endpoint speaks of.
    public var signingRegion: String { region?.value ?? S3Endpoint.region(ofEndpoint: endpoint?.value) }

    /// The address of the store as it may be printed, without what was written into it by mistake.
    public var printedEndpoint: String? { endpoint.map { S3Endpoint.printed($0.value) } }

    /// The settings as a configuration of `bucket`, or of the bucket they name themselves.
    public func configuration(bucket: String? = nil) throws(ObjectStoreError) -> S3Configuration {
        if let problem { throw problem }
        guard let bucket = bucket ?? self.bucket?.value else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "no bucket is named",
                hint: "name it in the location: s3://bucket/prefix"
            )
        }
        guard let credentials else {
            throw ObjectStoreError(
                .accessDenied,
                "there are no credentials for s3://\(printable(bucket))",
                hint: """
                    set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --profile, or a mounted Secret \
                    with --credentials-dir
                    """
            )
        }
        var configuration = S3Configuration(
            bucket: bucket,
            endpoint: endpoint?.value,
            region: region?.value,
            credentials: credentials.value
        )
        configuration.caFile = caFile?.value
        configuration.addressing = addressing?.value ?? .automatic
        return configuration
    }
}
