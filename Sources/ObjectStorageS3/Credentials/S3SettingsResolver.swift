public import ObjectStorage

/// Finds credentials, region and endpoint where AWS's tools, CloudNativePG and Helm charts put them.
///
/// For each setting the first of these wins: a mounted Secret, the environment, a profile file. A profile that
/// is named by an argument comes before the keys of the environment. It reads nothing but what it is given.
public struct S3SettingsResolver: Sendable {
    private let environment: [String: String]
    private let readFile: @Sendable (String) throws(ObjectStoreError) -> SettingsFile?

    /// A resolver over an environment.
    ///
    /// - Parameters:
    ///   - environment: the variables, by name.
    ///   - readFile: the file at a path, nil where there is none.
    public init(
        environment: [String: String],
        readFile: @escaping @Sendable (String) throws(ObjectStoreError) -> SettingsFile? = SettingsFile.read
    ) {
        self.environment = environment
        self.readFile = readFile
    }

    /// All settings that can be found.
    ///
    /// - Parameters:
    ///   - profile: the profile that the user asked for.
    ///   - credentialsDirectory: a directory of files called like the variables, as a Secret is mounted.
    public func resolve(
        profile: String? = nil,
        credentialsDirectory: String? = nil
    ) throws(ObjectStoreError) -> S3Settings {
        var settings = S3Settings()
        if let directory = credentialsDirectory {
            try fill(&settings, from: directory)
        }
        let variables = SettingsVariables(environment, place: "environment")
        try variables.fill(&settings, withKeys: profile == nil)
        let named = profile ?? variables.values["AWS_PROFILE"] ?? variables.values["AWS_DEFAULT_PROFILE"]
        let files = try ProfileFiles(
            profile: named ?? "default",
            // A variable that names a profile nobody needs is no error.
            isNamed: profile != nil || named != nil && settings.credentials == nil,
            environment: variables.values,
            readFile: readFile
        )
        try files.fill(
            &settings,
            ignoringEndpoints: variables.values["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "true"
        )
        if settings.credentials == nil {
            for name in [
                "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            ] where variables.values[name] != nil {
                settings.warnings.append("environment \(name) is set, but such credentials are not supported")
            }
        }
        return settings
    }

    private func fill(_ settings: inout S3Settings, from directory: String) throws(ObjectStoreError) {
        let place = "directory \(printable(directory))"
        var values: [String: String] = [:]
        for name in SettingsVariables.names {
            guard let file = try readFile("\(directory)/\(name)") else { continue }
            // A Secret made with echo ends in a line end that was never meant.
            var bytes = file.bytes
            while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
            if bytes.count < file.bytes.count {
                settings.warnings.append("\(place): the line end behind \(name) is left out")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ObjectStoreError(.invalidConfiguration, "\(name) in \(place) is not UTF-8")
            }
            values[name] = text
        }
        try SettingsVariables(values, place: place).fill(&settings, withKeys: true)
        guard settings.credentials != nil else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "there is no key pair in \(place)",
                hint: "the directory has to hold files called AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                    + "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or ACCESS_KEY_ID and ACCESS_SECRET_KEY"
            )
        }
    }
}
