/// Why a store could not be looked at: what went wrong, where, and how to remedy it.
///
/// It never contains a header, a signature or a secret. Text that came from the server is made printable.
public struct ObjectStoreError: Error, Hashable, Sendable {
    /// The kind of failure.
    public enum Code: String, Hashable, Sendable {
        /// The bucket, or the directory, does not exist.
        case noSuchBucket
        /// The object does not exist.
        case noSuchKey
        /// The bytes asked for begin at or behind the end of the object.
        case invalidRange
        /// The credentials are missing, unknown, expired, wrong, or may not do this.
        case accessDenied
        /// The request was signed for another region.
        case wrongRegion
        /// The local clock is too far from the server's.
        case clockSkew
        /// No connection: name resolution, refusal, reset.
        case network
        /// A connection, but no answer in time.
        case timedOut
        /// The TLS handshake or the verification of the certificate failed.
        case tls
        /// The store asks to slow down.
        case throttled
        /// The store failed.
        case server
        /// The answer is not S3, or breaks the protocol.
        case badResponse
        /// A listing that contradicts itself: keys out of order, outside the prefix, a token that repeats.
        case inconsistentListing
        /// More bytes, keys or pages than a limit allows.
        case tooLarge
        /// The store does not know the operation.
        case unsupported
        /// The request cannot be made: endpoint, bucket name, options, credentials files.
        case invalidConfiguration
        /// The file system refused.
        case fileSystem
        /// The task was cancelled.
        case cancelled
    }

    /// The kind of failure.
    public var code: Code

    /// What went wrong, where, wanted and got: lower case, no full stop.
    public var message: String

    /// What to do about it, nil where nothing better than the message can be said.
    public var hint: String?

    /// Whether the same request may succeed later.
    public var isRetryable: Bool

    /// How long the server asks to wait, in seconds, already clamped to a sane range.
    public var retryAfter: Double?

    /// The most attempts that are worth making, the first included, nil for as many as the policy allows.
    package var mostAttempts: Int?

    /// An error of these parts.
    public init(
        _ code: Code,
        _ message: String,
        hint: String? = nil,
        isRetryable: Bool = false,
        retryAfter: Double? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }
}

extension ObjectStoreError: CustomStringConvertible {
    /// The message, and the hint behind it.
    public var description: String {
        hint.map { "\(message); \($0)" } ?? message
    }
}
