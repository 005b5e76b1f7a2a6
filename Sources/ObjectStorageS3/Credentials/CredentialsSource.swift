/// Where the keys of a store come from: a key pair that is known, or a service that gives temporary ones.
///
/// ``S3SettingsResolver`` finds the one that an environment, a profile or a mounted Secret asks for. A service is
/// asked when the first request is to be signed, and again before what it gave expires.
public struct CredentialsSource: Sendable {
    /// What has to be done to get keys.
    indirect enum Method: Sendable {
        /// `until` is when they end, nil where nobody has said so.
        case keys(S3Credentials, until: Int64? = nil)
        case webIdentity(WebIdentity)
        case role(AssumedRole, from: Method)
        case container(ContainerEndpoint)
        case instance(InstanceMetadata)
    }

    let method: Method

    init(_ method: Method) {
        self.method = method
    }

    /// A key pair that stays as it is.
    public init(_ keys: S3Credentials) {
        method = .keys(keys)
    }

    /// The key pair, where no service has to be asked for it.
    public var keys: S3Credentials? {
        if case .keys(let keys, _) = method { keys } else { nil }
    }

    /// The way the keys come, in a word: `keys`, `web-identity`, `assume-role`, `container` or `instance`.
    public var kind: String {
        switch method {
        case .keys: "keys"
        case .webIdentity: "web-identity"
        case .role: "assume-role"
        case .container: "container"
        case .instance: "instance"
        }
    }
}

extension CredentialsSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Whose keys, or which service is asked for them, never a secret.
    public var description: String { method.description }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension CredentialsSource.Method {
    var description: String {
        switch self {
        case .keys(let keys, _): keys.description
        case .webIdentity(let identity): identity.description
        case .role(let role, let source): "\(role.description), asked for with \(source.description)"
        case .container(let endpoint): endpoint.description
        case .instance(let metadata): metadata.description
        }
    }
}
