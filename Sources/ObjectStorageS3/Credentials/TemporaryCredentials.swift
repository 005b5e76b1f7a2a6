/// Keys, and the time from which on they are refused.
public struct TemporaryCredentials: Sendable {
    /// What to sign with.
    public var credentials: S3Credentials

    /// When they end, in microseconds since 1970-01-01 00:00:00 UTC, nil for keys that stay.
    public var expiration: Int64?

    /// Keys that end at a time.
    public init(credentials: S3Credentials, expiration: Int64? = nil) {
        self.credentials = credentials
        self.expiration = expiration
    }
}
