internal import ObjectStorage

/// The service that gives a container its credentials: ECS, EKS Pod Identity, or what imitates them.
struct ContainerEndpoint: Sendable {
    /// The token that the service wants to see.
    enum Authorization: Sendable {
        case none
        case token(SecretKey)
        /// A file that is read anew for every question: it is replaced while we run.
        case file(String)
    }

    let address: ServiceAddress
    let authorization: Authorization

    var description: String { "the container credentials at \(address.description)" }

    // Where ECS and EKS answer, in the clear, without leaving the machine.
    private static let hosts = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    /// What the variables of a container say, nil where they say nothing.
    init?(_ variables: SettingsVariables) throws(ObjectStoreError) {
        let (relativeName, fullName) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
        let values = variables.values
        if let path = values[relativeName] {
            guard path.hasPrefix("/"), let address = ServiceAddress("http://169.254.170.2\(path)") else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "\(variables.place) \(relativeName) is not a path",
                    hint: "it has to begin with a slash, as ECS sets it"
                )
            }
            self.address = address
        } else if let url = values[fullName] {
            guard let address = ServiceAddress(url) else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "\(variables.place) \(fullName) is not a URL",
                    hint: "write it as http://169.254.170.23/v1/credentials, as EKS sets it"
                )
            }
            guard address.isSecure || address.isLoopback || Self.hosts.contains(address.host) else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "\(variables.place) \(fullName) names \(address.description), "
                        + "from where keys would come in the clear",
                    hint: "use https, loopback, or one of \(Self.hosts.joined(separator: ", "))"
                )
            }
            self.address = address
        } else {
            return nil
        }
        if let path = values["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            authorization = .file(path)
        } else if let token = values["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            authorization = .token(SecretKey(token))
        } else {
            authorization = .none
        }
    }
}
