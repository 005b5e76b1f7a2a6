internal import ObjectStorage

/// Settings under the names of environment variables: the environment itself, or a Secret mounted as a directory.
struct SettingsVariables: Sendable {
    /// Two names that make a key pair, and the token that may come with them.
    private struct Family {
        var accessKey: String
        var secretKey: String
        var tokens: [String]
        /// The one that says when they end.
        var expiration: String?
    }

    // In the order in which they win: AWS's own, those of Helm charts, those of CloudNativePG's examples.
    private static let families = [
        Family(
            accessKey: "AWS_ACCESS_KEY_ID",
            secretKey: "AWS_SECRET_ACCESS_KEY",
            tokens: ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"],
            expiration: "AWS_CREDENTIAL_EXPIRATION"
        ),
        Family(accessKey: "S3_ACCESS_KEY_ID", secretKey: "S3_SECRET_ACCESS_KEY", tokens: []),
        Family(accessKey: "ACCESS_KEY_ID", secretKey: "ACCESS_SECRET_KEY", tokens: ["ACCESS_SESSION_TOKEN"]),
    ]

    private static let regions = ["AWS_REGION", "AWS_DEFAULT_REGION", "S3_REGION"]
    private static let endpoints = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "S3_ENDPOINT"]
    private static let buckets = ["S3_BUCKET"]
    private static let caFiles = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"]

    /// All names that mean something.
    static let names: [String] =
        families.flatMap { [$0.accessKey, $0.secretKey] + $0.tokens + ($0.expiration.map { [$0] } ?? []) } + regions
        + endpoints + buckets + caFiles

    let values: [String: String]
    /// What the values come from: `environment`.
    let place: String

    /// Variables that lost a line end: names, never values.
    let warnings: [String]

    init(_ values: [String: String], place: String) {
        var values = values
        var warnings: [String] = []
        for name in Self.names {
            // A Secret made with echo ends in a line end that was never meant, whether it is mounted or a variable.
            guard let value = values[name], value.utf8.last == 0x0A || value.utf8.last == 0x0D else { continue }
            values[name] = String(decoding: Array(value.utf8)[...].withoutLineEnd, as: UTF8.self)
            warnings.append("\(place): the line end behind \(name) is left out")
        }
        // An empty variable is as good as none for all AWS tools.
        self.values = values.filter { !$0.value.isEmpty }
        self.place = place
        self.warnings = warnings
    }

    /// The names that a key pair may have, for messages.
    static var keyNames: String { families.map(\.accessKey).joined(separator: ", ") }

    /// Fills in what is not set yet, but for the keys.
    func fill(_ settings: inout S3Settings) {
        settings.region = settings.region ?? first(of: Self.regions)
        if settings.endpoint == nil, !ignoresEndpoints {
            settings.endpoint = first(of: Self.endpoints)
        } else {
            settings.endpoint = settings.endpoint ?? first(of: ["S3_ENDPOINT"])
        }
        settings.bucket = settings.bucket ?? first(of: Self.buckets)
        settings.caFile = settings.caFile ?? first(of: Self.caFiles)
    }

    /// Whether addresses that are configured for AWS's tools are not to be used.
    var ignoresEndpoints: Bool { values["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "true" }

    /// The address of the token service.
    var tokenService: S3Settings.Setting<String>? {
        ignoresEndpoints ? nil : first(of: ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"])
    }

    /// The first of these variables that is set.
    func first(of names: [String]) -> S3Settings.Setting<String>? {
        for name in names {
            if let value = values[name] { return .init(value: value, source: "\(place) \(name)") }
        }
        return nil
    }

    /// The key pair of the first family that is there.
    func keyPair(_ warnings: inout [String]) throws(ObjectStoreError) -> S3Settings.Setting<CredentialsSource>? {
        var found: (family: Family, accessKey: String, secret: String)?
        for family in Self.families {
            switch (values[family.accessKey], values[family.secretKey]) {
            case (nil, nil):
                continue
            case (let accessKey?, let secret?):
                guard let former = found else {
                    found = (family, accessKey, secret)
                    continue
                }
                if former.accessKey != accessKey || former.secret != secret {
                    warnings.append(
                        "\(place): \(former.family.accessKey) is used; \(family.accessKey) is another key and is not"
                    )
                }
            case (let accessKey, _):
                guard found == nil else { continue }
                let (there, missing) =
                    accessKey == nil ? (family.secretKey, family.accessKey) : (family.accessKey, family.secretKey)
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "half a key pair in \(place): \(there) is set, \(missing) is not",
                    hint: "set both, or neither"
                )
            }
        }
        guard let found else { return nil }
        let token = found.family.tokens.compactMap { values[$0] }.first
        let keys = S3Credentials(accessKeyID: found.accessKey, secretAccessKey: found.secret, sessionToken: token)
        let source = CredentialsSource(.keys(keys, until: try expiration(found.family)))
        return .init(value: source, source: "\(place) \(found.family.accessKey)")
    }

    /// When the keys of a family end, in microseconds since 1970, nil where nothing says so.
    private func expiration(_ family: Family) throws(ObjectStoreError) -> Int64? {
        guard let name = family.expiration, let text = values[name] else { return nil }
        guard let time = Timestamp(rfc3339: Array(text.utf8).span) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\(name) in \(place) is \"\(printable(String(text.prefix(60))))\", and no time",
                hint: "write it like 2026-11-26T12:00:00Z, or leave it out"
            )
        }
        return time.microseconds
    }
}
