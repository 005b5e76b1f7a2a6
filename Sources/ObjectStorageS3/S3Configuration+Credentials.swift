public import ObjectStorage

extension S3Configuration {
    /// Gets keys now, from whatever service gives them: to find out whether it does.
    ///
    /// A store does this by itself when it is first asked something.
    public func fetchCredentials() async throws(ObjectStoreError) -> TemporaryCredentials {
        try await fetcher(S3World()).fetch(credentials.method)
    }

    /// What gets the keys.
    func fetcher(_ world: S3World) -> CredentialsFetcher {
        CredentialsFetcher(caFile: caFile, userAgent: userAgent, world: world)
    }
}
