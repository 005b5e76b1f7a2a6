/// An access key of an S3 store; its secret parts never print.
public struct S3Credentials: Sendable {
    /// The public half of the key.
    public let accessKeyID: String

    /// The secret half of the key.
    public let secretAccessKey: SecretKey

    /// The token that comes with temporary keys.
    public let sessionToken: SecretKey?

    /// An access key of these parts.
    public init(accessKeyID: String, secretAccessKey: SecretKey, sessionToken: SecretKey? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    /// An access key of these parts.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.init(
            accessKeyID: accessKeyID,
            secretAccessKey: SecretKey(secretAccessKey),
            sessionToken: sessionToken.map { SecretKey($0) }
        )
    }
}

extension S3Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The first characters of the access key, never the secret.
    public var description: String {
        // 4: enough to tell two keys apart, too few to be of use to anybody.
        "access key \(accessKeyID.prefix(4))…, secret redacted"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
