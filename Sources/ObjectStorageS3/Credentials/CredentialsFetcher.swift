internal import ObjectStorage

/// Gets keys from where they come, asking services as often as may help.
struct CredentialsFetcher: Sendable {
    let caFile: String?
    let userAgent: String
    let world: S3World

    /// Keys that hold now.
    func fetch(_ method: CredentialsSource.Method) async throws(ObjectStoreError) -> TemporaryCredentials {
        switch method {
        case .keys(let keys, let until):
            try keys.check()
            try checkHold(keys, until: until)
            return TemporaryCredentials(credentials: keys, expiration: until)
        case .webIdentity(let identity):
            return try await fetch(identity)
        case .role(let role, let source):
            return try await fetch(role, with: try await fetch(source).credentials)
        case .container(let endpoint):
            return try await fetch(endpoint)
        case .instance(let metadata):
            return try await fetch(metadata)
        }
    }

    /// Services on this machine or next to it: a second to connect, two for all.
    ///
    /// Never through a proxy, which would answer for another machine, and never redirected.
    func localDesk(_ name: String, connect: Duration = .seconds(1), attempts: Int = 3) throws(ObjectStoreError)
        -> ServiceDesk
    {
        try ServiceDesk(name, self, usesProxy: false, connect: connect, total: connect * 2, attempts: attempts)
    }

    /// A service somewhere in the network.
    func remoteDesk(_ service: STSService) throws(ObjectStoreError) -> ServiceDesk {
        try ServiceDesk(
            service.description,
            self,
            usesProxy: !service.address.isLoopback,
            connect: .seconds(10),
            total: .seconds(30),
            attempts: 3
        )
    }

    /// Refuses keys that have ended by what was said when they were set, see `AWS_CREDENTIAL_EXPIRATION`.
    func checkHold(_ keys: S3Credentials, until: Int64?) throws(ObjectStoreError) {
        let now = world.clock()
        guard let until, until <= now else { return }
        throw ObjectStoreError(
            .accessDenied,
            "access key \(keys.printedAccessKey) expired \((now - until) / 1_000_000) s ago, says AWS_CREDENTIAL_EXPIRATION",
            hint: "set newer keys, or leave AWS_CREDENTIAL_EXPIRATION out if it is not theirs"
        )
    }

    /// Refuses keys that have ended already.
    ///
    /// The instance metadata gives out such keys while AWS cannot make new ones.
    func checkHold(_ found: TemporaryCredentials, of name: String) throws(ObjectStoreError) -> TemporaryCredentials {
        let now = world.clock()
        guard let expiration = found.expiration, expiration <= now else { return found }
        throw ObjectStoreError(
            .accessDenied,
            "\(name) gives keys that expired \((now - expiration) / 1_000_000) s ago",
            hint: "the service has no newer ones, or the clock of this machine is ahead",
            isRetryable: true
        )
    }
}
