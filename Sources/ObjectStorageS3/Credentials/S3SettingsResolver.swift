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
    /// - Throws: what is wrong with them, such as half a key pair: see ``S3Settings/problem``.
    public func resolve(
        profile: String? = nil,
        credentialsDirectory: String? = nil
    ) throws(ObjectStoreError) -> S3Settings {
        let settings = inspect(profile: profile, credentialsDirectory: credentialsDirectory)
        if let problem = settings.problem { throw problem }
        return settings
    }

    /// The same, with what is wrong as a part of it: to show people what is set where.
    public func inspect(profile: String? = nil, credentialsDirectory: String? = nil) -> S3Settings {
        var (settings, search) = (S3Settings(), CredentialsSearch())
        if let directory = credentialsDirectory {
            search.look(in: "directory \(printable(directory))", absent: "") { () throws(ObjectStoreError) in
                try keyPair(in: directory, &settings)
            }
        } else {
            search.skip("a mounted Secret", because: "no --credentials-dir is given")
        }
        let variables = SettingsVariables(environment, place: "environment")
        settings.warnings += variables.warnings
        variables.fill(&settings)
        let names = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
        let named =
            profile.map { S3Settings.Setting(value: $0, source: "flag --profile") } ?? variables.first(of: names)
        settings.profile = named
        look(&search, &settings, in: variables, profile: named, isFlag: profile != nil)
        (settings.credentials, settings.places) = (search.found, search.places)
        settings.problem = settings.problem ?? search.problem
        return settings
    }

    /// Looks for keys in the environment, in the files, and in the services of the machine.
    private func look(
        _ search: inout CredentialsSearch,
        _ settings: inout S3Settings,
        in variables: SettingsVariables,
        profile: S3Settings.Setting<String>?,
        isFlag: Bool
    ) {
        let (keys, identity) = ("environment, a key pair", "environment, a web identity")
        if isFlag {
            search.skip(keys, because: "--profile is given")
        } else {
            search.look(in: keys, absent: "none of \(SettingsVariables.keyNames) is set") {
                () throws(ObjectStoreError) in
                try variables.keyPair(&settings.warnings)
            }
        }
        let files: ProfileFiles
        do throws(ObjectStoreError) {
            files = try ProfileFiles(
                profile: profile?.value ?? "default",
                // A variable that names a profile nobody needs is no error.
                isNamed: isFlag || profile != nil && search.found == nil,
                environment: variables.values,
                readFile: readFile
            )
            try files.fill(&settings, ignoringEndpoints: variables.ignoresEndpoints)
        } catch {
            // Whatever the files were to say is not known, be it the keys or the endpoint.
            settings.problem = settings.problem ?? search.problem ?? error
            search.fail("profile \(printable(profile?.value ?? "default"))", error)
            return
        }
        let region = settings.region
        let service = { () throws(ObjectStoreError) in
            let endpoint = variables.ignoresEndpoints ? nil : files.endpoint(of: "sts")
            return try STSService(region: region, endpoint: variables.tokenService ?? endpoint)
        }
        if isFlag {
            search.skip(identity, because: "--profile is given")
        } else {
            search.look(in: identity, absent: "AWS_WEB_IDENTITY_TOKEN_FILE is not set") { () throws(ObjectStoreError) in
                try variables.webIdentity(of: service)
            }
        }
        let place = "profile \(printable(files.profile)) in \(files.place)"
        let absent = files.parts(of: files.profile).isEmpty ? "there is no such profile" : "it names no keys"
        search.look(in: place, absent: absent) { () throws(ObjectStoreError) in
            try ProfileCredentials(files: files, variables: variables, service: service).source(&settings.warnings)
        }
        lookAround(&search, variables)
    }

    /// Looks for services that give keys to the container or the machine.
    private func lookAround(_ search: inout CredentialsSearch, _ variables: SettingsVariables) {
        let containers = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set"
        search.look(in: "container credentials", absent: containers) { () throws(ObjectStoreError) in
            guard let endpoint = try ContainerEndpoint(variables) else { return nil }
            return .init(
                value: CredentialsSource(.container(endpoint)),
                source: "environment AWS_CONTAINER_CREDENTIALS_…"
            )
        }
        if let refusal = InstanceMetadata.refusal(variables) {
            search.skip("instance metadata", because: refusal)
            return
        }
        search.look(in: "instance metadata", absent: "") { () throws(ObjectStoreError) in
            let metadata = try InstanceMetadata(variables, isLastResort: true)
            return .init(value: CredentialsSource(.instance(metadata)), source: "nothing else is configured")
        }
    }

    /// The key pair of a mounted Secret, and the other settings that it holds.
    private func keyPair(
        in directory: String,
        _ settings: inout S3Settings
    ) throws(ObjectStoreError) -> S3Settings.Setting<CredentialsSource>? {
        let place = "directory \(printable(directory))"
        var values: [String: String] = [:]
        for name in SettingsVariables.names {
            guard let file = try readFile("\(directory)/\(name)") else { continue }
            guard let text = String(validating: file.bytes, as: UTF8.self) else {
                throw ObjectStoreError(.invalidConfiguration, "\(name) in \(place) is not UTF-8")
            }
            values[name] = text
        }
        let variables = SettingsVariables(values, place: place)
        settings.warnings += variables.warnings
        variables.fill(&settings)
        guard let found = try variables.keyPair(&settings.warnings) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "there is no key pair in \(place)",
                hint: "the directory has to hold files called AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                    + "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or ACCESS_KEY_ID and ACCESS_SECRET_KEY"
            )
        }
        return found
    }
}
