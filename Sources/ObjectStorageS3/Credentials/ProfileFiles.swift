internal import ObjectStorage

/// `~/.aws/credentials` and `~/.aws/config`, and one profile in them.
struct ProfileFiles: Sendable {
    /// The settings of a profile in one file.
    struct Part: Sendable {
        var values: [String: String]
        var path: String
        var isReadableByOthers: Bool
        /// `profile default in ~/.aws/config`.
        var source: String
    }

    private struct File: Sendable {
        var path: String
        var content: INIFile?
        var isReadableByOthers = false
    }

    let profile: String
    private let credentials: File?
    private let config: File?

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
        credentials = try Self.file(
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home.map { "\($0)/credentials" },
            readFile
        )
        config = try Self.file(environment["AWS_CONFIG_FILE"] ?? home.map { "\($0)/config" }, readFile)
        if isNamed { try demand(profile, by: "name an existing profile with --profile or AWS_PROFILE") }
    }

    private static func file(
        _ path: String?,
        _ readFile: (String) throws(ObjectStoreError) -> SettingsFile?
    ) throws(ObjectStoreError) -> File? {
        guard let path else { return nil }
        guard let content = try readFile(path) else { return File(path: path) }
        let file = try INIFile(String(decoding: content.bytes, as: UTF8.self), path: path)
        return File(path: path, content: file, isReadableByOthers: content.isReadableByOthers)
    }

    /// Refuses a profile that is in neither file.
    func demand(_ profile: String, by hint: String) throws(ObjectStoreError) {
        guard parts(of: profile).isEmpty else { return }
        throw ObjectStoreError(
            .invalidConfiguration,
            "there is no profile \(printable(profile)) in \(place)",
            hint: hint
        )
    }

    /// The files, for messages.
    var place: String {
        let paths = [credentials, config].compactMap { $0 }.map { printable($0.path) }
        return paths.isEmpty ? "any file: HOME is not set" : paths.joined(separator: " or ")
    }

    /// The profile in the one file and in the other, as far as it is there.
    ///
    /// The credentials file comes first.
    func parts(of profile: String) -> [Part] {
        // In the config file every profile but the default says that it is one.
        let names = profile == "default" ? ["profile default", "default"] : ["profile \(profile)"]
        return [(credentials, [profile]), (config, names)].compactMap { file, names in
            guard let file, let values = names.compactMap({ file.content?.sections[$0] }).first else { return nil }
            return Part(
                values: values,
                path: file.path,
                isReadableByOthers: file.isReadableByOthers,
                source: "profile \(printable(profile)) in \(printable(file.path))"
            )
        }
    }

    /// A setting of a profile, in the file that says it first.
    func setting(_ name: String, of profile: String? = nil) -> S3Settings.Setting<String>? {
        for part in parts(of: profile ?? self.profile) {
            if let value = part.values[name], !value.isEmpty { return .init(value: value, source: part.source) }
        }
        return nil
    }

    /// Where the profile says that a service is: in its section of services, or for all of them.
    func endpoint(of service: String) -> S3Settings.Setting<String>? {
        if let services = setting("services"),
            let url = config?.content?.sections["services \(services.value)"]?["\(service).endpoint_url"], !url.isEmpty
        {
            return .init(value: url, source: services.source)
        }
        return setting("endpoint_url")
    }

    /// Fills in what is not set yet, but for the keys.
    func fill(
        _ settings: inout S3Settings,
        ignoringEndpoints: Bool
    ) throws(ObjectStoreError) {
        settings.region = settings.region ?? setting("region")
        if !ignoringEndpoints { settings.endpoint = settings.endpoint ?? endpoint(of: "s3") }
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
}
