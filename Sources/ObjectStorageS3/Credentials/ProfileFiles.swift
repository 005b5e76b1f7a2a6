internal import ObjectStorage

/// One profile out of `~/.aws/credentials` and `~/.aws/config`.
struct ProfileFiles: Sendable {
    /// The settings of the profile in one file.
    private struct Part: Sendable {
        var values: [String: String]
        var path: String
        var isReadableByOthers: Bool
    }

    let profile: String
    private let credentials: Part?
    private let config: Part?
    private let services: [String: String]

    /// Reads the files that the environment names, or those in the home directory.
    ///
    /// - Parameter isNamed: whether the user asked for this profile, so that it has to exist.
    init(
        profile: String,
        isNamed: Bool,
        environment: [String: String],
        readFile: (String) throws(ObjectStoreError) -> SettingsFile?
    ) throws(ObjectStoreError) {
        self.profile = profile
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.aws" }
        let credentialsPath = environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home.map { "\($0)/credentials" }
        let configPath = environment["AWS_CONFIG_FILE"] ?? home.map { "\($0)/config" }
        credentials = try Self.part(credentialsPath, sections: [profile], readFile)?.part
        // In the config file every profile but the default says that it is one.
        let names = profile == "default" ? ["profile default", "default"] : ["profile \(profile)"]
        let found = try Self.part(configPath, sections: names, readFile)
        config = found?.part
        services = found?.part?.values["services"].flatMap { found?.file.sections["services \($0)"] } ?? [:]
        guard !isNamed || credentials != nil || config != nil else {
            let paths = [credentialsPath, configPath].compactMap { $0 }.map { printable($0) }
            throw ObjectStoreError(
                .invalidConfiguration,
                "there is no profile \(printable(profile)) in \(paths.joined(separator: " or "))",
                hint: "name an existing profile with --profile or AWS_PROFILE"
            )
        }
    }

    private static func part(
        _ path: String?,
        sections names: [String],
        _ readFile: (String) throws(ObjectStoreError) -> SettingsFile?
    ) throws(ObjectStoreError) -> (part: Part?, file: INIFile)? {
        guard let path, let content = try readFile(path) else { return nil }
        let file = try INIFile(String(decoding: content.bytes, as: UTF8.self), path: path)
        let values = names.compactMap { file.sections[$0] }.first
        return (
            values.map { Part(values: $0, path: path, isReadableByOthers: content.isReadableByOthers) }, file
        )
    }

    /// Fills in what is not set yet.
    func fill(
        _ settings: inout S3Settings,
        ignoringEndpoints: Bool
    ) throws(ObjectStoreError) {
        if settings.credentials == nil {
            settings.credentials = try keyPair(&settings.warnings)
        }
        settings.region = settings.region ?? setting("region")
        if !ignoringEndpoints {
            if settings.endpoint == nil, let url = services["s3.endpoint_url"], let config {
                settings.endpoint = .init(value: url, source: source(config))
            }
            settings.endpoint = settings.endpoint ?? setting("endpoint_url")
        }
        settings.caFile = settings.caFile ?? setting("ca_bundle")
        if settings.addressing == nil, let style = setting("s3.addressing_style") {
            guard let addressing = S3Configuration.Addressing(rawValue: lowercased(style.value)) else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "addressing_style in \(style.source) is \"\(printable(style.value))\"",
                    hint: "write auto, path or virtual"
                )
            }
            settings.addressing = .init(value: addressing, source: style.source)
        }
    }

    private func source(_ part: Part) -> String { "profile \(printable(profile)) in \(printable(part.path))" }

    private func setting(_ name: String) -> S3Settings.Setting<String>? {
        for part in [credentials, config].compactMap({ $0 }) {
            if let value = part.values[name], !value.isEmpty { return .init(value: value, source: source(part)) }
        }
        return nil
    }

    private func keyPair(_ warnings: inout [String]) throws(ObjectStoreError) -> S3Settings.Setting<S3Credentials>? {
        let (idName, secretName) = ("aws_access_key_id", "aws_secret_access_key")
        for part in [credentials, config].compactMap({ $0 }) {
            let (id, secret) = (part.values[idName] ?? "", part.values[secretName] ?? "")
            if id.isEmpty, secret.isEmpty { continue }
            guard !id.isEmpty, !secret.isEmpty else {
                let (there, missing) = id.isEmpty ? (secretName, idName) : (idName, secretName)
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "half a key pair in \(source(part)): \(there) is set, \(missing) is not",
                    hint: "set both, or neither"
                )
            }
            if part.isReadableByOthers {
                warnings.append("\(printable(part.path)) holds a secret key, and others than its owner may read it")
            }
            let token = part.values["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 }
            return .init(
                value: S3Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token),
                source: source(part)
            )
        }
        for name in ["credential_process", "sso_session", "sso_start_url", "role_arn", "web_identity_token_file"] {
            guard let setting = setting(name) else { continue }
            warnings.append("\(setting.source) gets its key by \(name), which is not supported")
        }
        return nil
    }
}
