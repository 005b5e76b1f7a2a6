internal import ObjectStorage

extension CredentialsFetcher {
    /// Asks the service of a container.
    func fetch(_ endpoint: ContainerEndpoint) async throws(ObjectStoreError) -> TemporaryCredentials {
        let desk = try localDesk(endpoint.description)
        return try await desk.repeating { () async throws(ObjectStoreError) in
            let token = try endpoint.token()
            var headers = [Header("accept", "application/json")]
            if let token { headers.append(Header("authorization", token.text)) }
            let secrets = [token].compactMap { $0 }
            let response = try await desk.ask(.get, endpoint.address.url(), headers: headers)
            let document = CredentialsDocument(response)
            guard response.status == 200 else {
                throw desk.refusal(
                    response,
                    document.words(hiding: secrets),
                    hint: "does the container, or its service account, have a role?"
                )
            }
            return try checkHold(document.credentials(of: desk, hiding: secrets), of: desk.name)
        }
    }
}

extension ContainerEndpoint {
    /// The token to show now.
    fileprivate func token() throws(ObjectStoreError) -> SecretKey? {
        let (token, place): (SecretKey, String)
        switch authorization {
        case .none: return nil
        case .token(let known): (token, place) = (known, "AWS_CONTAINER_AUTHORIZATION_TOKEN")
        case .file(let path): (token, place) = (try TokenFile.read(path), printable(path))
        }
        // A line end would begin another header.
        guard !token.isEmpty, token.isOneLine else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "the token in \(place) is empty, or has more than one line",
                hint: "it is sent to \(address.description), and has to be one line"
            )
        }
        return token
    }
}
