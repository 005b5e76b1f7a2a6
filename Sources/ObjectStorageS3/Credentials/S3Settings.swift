public import ObjectStorage

/// What environment, profile files or a mounted Secret say of a store, and where they say it.
public struct S3Settings: Sendable {
    /// A setting, and the name of the place it comes from.
    public struct Setting<Value: Sendable>: Sendable {
        /// What it is set to.
        public var value: Value
        /// Where: `environment AWS_REGION`, `profile default in ~/.aws/config`.
        public var source: String
    }

    /// The key pair to ask with.
    public var credentials: Setting<S3Credentials>?
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

    /// The settings as a configuration of `bucket`, or of the bucket they name themselves.
    public func configuration(bucket: String? = nil) throws(ObjectStoreError) -> S3Configuration {
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
