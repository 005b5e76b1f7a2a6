internal import ObjectStorage

/// Finds out how a profile gets its keys: it has them, it takes a role, or another profile lends its own.
struct ProfileCredentials {
    let files: ProfileFiles
    let variables: SettingsVariables
    /// Who is to be asked for the keys of a role.
    let service: () throws(ObjectStoreError) -> STSService

    typealias Found = S3Settings.Setting<CredentialsSource>

    /// The keys of the profile, nil where it names none.
    func source(_ warnings: inout [String]) throws(ObjectStoreError) -> Found? {
        try source(of: files.profile, behind: [], &warnings)
    }

    /// - Parameter visited: the profiles that led to this one.
    private func source(
        of profile: String,
        behind visited: [String],
        _ warnings: inout [String]
    ) throws(ObjectStoreError) -> Found? {
        // A profile that was named as the source of another is one for its keys, as botocore has it; the profile
        // that a user names is one for its role.
        if !visited.isEmpty, let keys = try keyPair(of: profile, &warnings) { return keys }
        if let arn = files.setting("role_arn", of: profile),
            files.setting("web_identity_token_file", of: profile) == nil
        {
            return try role(arn, of: profile, behind: visited, &warnings)
        }
        if let identity = try webIdentity(of: profile) { return identity }
        if let keys = try keyPair(of: profile, &warnings) { return keys }
        return try refuseUnsupported(profile)
    }

    private func role(
        _ arn: S3Settings.Setting<String>,
        of profile: String,
        behind visited: [String],
        _ warnings: inout [String]
    ) throws(ObjectStoreError) -> Found {
        if let device = files.setting("mfa_serial", of: profile) {
            throw ObjectStoreError(
                .unsupported,
                "\(device.source) takes a role with a code of a device (mfa_serial), which is not supported",
                hint: "get temporary keys with aws sts assume-role, and set AWS_SESSION_TOKEN as well"
            )
        }
        let assumed = AssumedRole(
            role: try RoleRequest(
                arn: arn.value,
                sessionName: files.setting("role_session_name", of: profile)?.value,
                duration: files.setting("duration_seconds", of: profile)?.value,
                place: arn.source
            ),
            externalID: files.setting("external_id", of: profile)?.value,
            service: try service()
        )
        let lender = try self.lender(to: profile, arn, behind: visited, &warnings)
        return .init(value: CredentialsSource(.role(assumed, from: lender.method)), source: arn.source)
    }

    /// The keys that a role is asked for with.
    private func lender(
        to profile: String,
        _ arn: S3Settings.Setting<String>,
        behind visited: [String],
        _ warnings: inout [String]
    ) throws(ObjectStoreError) -> CredentialsSource {
        switch (files.setting("source_profile", of: profile), files.setting("credential_source", of: profile)) {
        case (nil, nil):
            throw ObjectStoreError(
                .invalidConfiguration,
                "half a role in \(arn.source): role_arn is set, source_profile and credential_source are not",
                hint: "name the profile, or the source, whose keys may take the role"
            )
        case (let name?, nil):
            let hint = "set source_profile in \(name.source) to a profile with a key pair of its own"
            try files.demand(name.value, by: hint)
            let path = visited + [profile]
            // A profile may lend its keys to its own role.
            let isOwn = name.value == profile
            if isOwn, let keys = try keyPair(of: profile, &warnings) { return keys.value }
            guard !path.contains(name.value) else {
                let circle = (path + [name.value]).map { printable($0) }.joined(separator: " → ")
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "source_profile goes in a circle: \(circle), in \(name.source)",
                    hint: hint
                )
            }
            guard let found = try source(of: name.value, behind: path, &warnings) else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "profile \(printable(name.value)), the source_profile in \(name.source), has no keys",
                    hint: hint
                )
            }
            return found.value
        case (nil, let source?):
            return try named(source, &warnings)
        case (let name?, _?):
            throw ObjectStoreError(
                .invalidConfiguration,
                "\(name.source) has both a source_profile and a credential_source",
                hint: "leave one of them out"
            )
        }
    }

    /// What `credential_source` names.
    private func named(
        _ source: S3Settings.Setting<String>,
        _ warnings: inout [String]
    ) throws(ObjectStoreError) -> CredentialsSource {
        func missing(_ what: String) -> ObjectStoreError {
            ObjectStoreError(
                .invalidConfiguration,
                "credential_source in \(source.source) is \(printable(source.value)), but \(what)",
                hint: "set it, or another credential_source"
            )
        }
        switch source.value {
        case "Environment":
            guard let found = try variables.keyPair(&warnings) else {
                throw missing("no key pair is in the environment")
            }
            return found.value
        case "Ec2InstanceMetadata":
            if let refusal = InstanceMetadata.refusal(variables) { throw missing(refusal) }
            return CredentialsSource(.instance(try InstanceMetadata(variables, isLastResort: false)))
        case "EcsContainer":
            guard let endpoint = try ContainerEndpoint(variables) else {
                throw missing("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set")
            }
            return CredentialsSource(.container(endpoint))
        default:
            throw ObjectStoreError(
                .invalidConfiguration,
                "credential_source in \(source.source) is \"\(printable(source.value))\"",
                hint: "write Environment, Ec2InstanceMetadata or EcsContainer"
            )
        }
    }

    private func webIdentity(of profile: String) throws(ObjectStoreError) -> Found? {
        guard let file = files.setting("web_identity_token_file", of: profile) else { return nil }
        guard let arn = files.setting("role_arn", of: profile) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "half a web identity in \(file.source): web_identity_token_file is set, role_arn is not",
                hint: "set both, or neither"
            )
        }
        let role = try RoleRequest(
            arn: arn.value,
            sessionName: files.setting("role_session_name", of: profile)?.value,
            duration: nil,
            place: arn.source
        )
        let identity = WebIdentity(tokenFile: file.value, role: role, service: try service())
        return .init(value: CredentialsSource(.webIdentity(identity)), source: file.source)
    }

    private func keyPair(of profile: String, _ warnings: inout [String]) throws(ObjectStoreError) -> Found? {
        let (idName, secretName) = ("aws_access_key_id", "aws_secret_access_key")
        for part in files.parts(of: profile) {
            let (id, secret) = (part.values[idName] ?? "", part.values[secretName] ?? "")
            if id.isEmpty, secret.isEmpty { continue }
            guard !id.isEmpty, !secret.isEmpty else {
                let (there, missing) = id.isEmpty ? (secretName, idName) : (idName, secretName)
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "half a key pair in \(part.source): \(there) is set, \(missing) is not",
                    hint: "set both, or neither"
                )
            }
            if part.isReadableByOthers {
                warnings.append("\(printable(part.path)) holds a secret key, and others than its owner may read it")
            }
            let token = part.values["aws_session_token"].flatMap { $0.isEmpty ? nil : $0 }
            let keys = S3Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token)
            return .init(value: CredentialsSource(keys), source: part.source)
        }
        return nil
    }

    /// Refuses ways to get keys that are known and not followed: going on would be to use other keys than meant.
    private func refuseUnsupported(_ profile: String) throws(ObjectStoreError) -> Found? {
        for name in ["credential_process", "sso_session", "sso_start_url"] {
            guard let setting = files.setting(name, of: profile) else { continue }
            throw ObjectStoreError(
                .unsupported,
                "\(setting.source) gets its keys by \(name), which is not supported",
                hint: """
                    let aws configure export-credentials --format env print keys for the environment; no program is \
                    started for them here
                    """
            )
        }
        return nil
    }
}
