internal import ObjectStorage

extension SettingsVariables {
    /// The role that a token in a file gives a right to, nil where no such file is named.
    ///
    /// - Parameter service: who is to be asked for the keys.
    func webIdentity(
        of service: () throws(ObjectStoreError) -> STSService
    ) throws(ObjectStoreError) -> S3Settings.Setting<CredentialsSource>? {
        let (fileName, roleName) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
        // A role alone is no half of anything: other tools are told by it what to assume.
        guard let file = values[fileName] else { return nil }
        guard let arn = values[roleName] else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "half a web identity in \(place): \(fileName) is set, \(roleName) is not",
                hint: "set both, or neither"
            )
        }
        let role = try RoleRequest(
            arn: arn,
            sessionName: values["AWS_ROLE_SESSION_NAME"],
            duration: nil,
            place: place
        )
        let identity = WebIdentity(tokenFile: file, role: role, service: try service())
        return .init(value: CredentialsSource(.webIdentity(identity)), source: "\(place) \(fileName)")
    }
}
