internal import ObjectStorage

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
        "access key \(printedAccessKey), secret redacted"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension S3Credentials {
    /// The access key as far as it is printed: enough to tell two keys apart.
    public var printedAccessKey: String { "\(printable(String(accessKeyID.prefix(4))))…" }

    /// Whether all parts can be part of a header.
    var isSendable: Bool {
        let isPlain = accessKeyID.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x2C && $0 != 0x2F }
        return !accessKeyID.isEmpty && isPlain && !secretAccessKey.isEmpty && secretAccessKey.isOneLine
            && sessionToken?.isOneLine ?? true
    }

    /// Refuses parts that would break a header, or sign nothing.
    func check() throws(ObjectStoreError) {
        guard isSendable else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "the access key or the secret key is empty, or holds blanks or line ends",
                hint: "check the key pair that the environment, --profile or --credentials-dir gives"
            )
        }
    }
}
