internal import ObjectStorage

extension CredentialsFetcher {
    // 6 hours, the longest that the service gives.
    private static let tokenLife = Header("x-aws-ec2-metadata-token-ttl-seconds", "21600")
    private static let path = "/latest/meta-data/iam/security-credentials/"

    /// Asks the metadata service of the instance: for a token, the role of the instance, and the role's keys.
    func fetch(_ metadata: InstanceMetadata) async throws(ObjectStoreError) -> TemporaryCredentials {
        do throws(ObjectStoreError) {
            let desk = try localDesk(metadata.description, connect: metadata.timeout, attempts: metadata.attempts)
            return try await desk.repeating { () async throws(ObjectStoreError) in
                try await askInstance(metadata, at: desk)
            }
        } catch {
            guard metadata.isLastResort, error.code != .cancelled else { throw error }
            throw ObjectStoreError(
                error.code,
                "there are no credentials: none are configured, and \(error.message)",
                hint: """
                    set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with --profile, or a mounted \
                    Secret with --credentials-dir; AWS_EC2_METADATA_DISABLED=true saves the question
                    """
            )
        }
    }

    private func askInstance(
        _ metadata: InstanceMetadata,
        at desk: ServiceDesk
    ) async throws(ObjectStoreError) -> TemporaryCredentials {
        let token = try await token(metadata, at: desk)
        let header = Header("x-aws-ec2-metadata-token", token.text)
        func ask(_ tail: String) async throws(ObjectStoreError) -> HTTPResponse {
            let response = try await desk.ask(.get, metadata.address.url(Self.path + tail), headers: [header])
            guard response.status == 200 else {
                let words = CredentialsDocument(response).words(hiding: [token])
                throw desk.refusal(
                    response,
                    words,
                    hint: response.status == 404 ? "give the instance a role (an instance profile)" : nil
                )
            }
            return response
        }
        let role = String(decoding: trimmed(try await ask("").body[...]), as: UTF8.self)
        // One line, as it becomes part of a path: 1 to 64 of these, says the reference of IAM.
        guard (1...64).contains(role.utf8.count), role.utf8.allSatisfy(Self.isPartOfRole) else {
            throw desk.unusable("its list of roles is not the name of one")
        }
        let response = try await ask(role)
        let found = try CredentialsDocument(response).credentials(of: desk, hiding: [token])
        return try checkHold(found, of: desk.name)
    }

    /// The token that goes with every question of the second version.
    private func token(
        _ metadata: InstanceMetadata,
        at desk: ServiceDesk
    ) async throws(ObjectStoreError) -> SecretKey {
        let response: HTTPResponse
        do throws(ObjectStoreError) {
            response = try await desk.ask(.put, metadata.address.url("/latest/api/token"), headers: [Self.tokenLife])
        } catch {
            var error = error
            if error.code == .timedOut {
                error.hint = """
                    is this an EC2 instance? In a container its hop limit has to be 2 or more: \
                    aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2
                    """
            }
            throw error
        }
        let token = SecretKey(bytes: response.body[...].withoutLineEnd)
        guard response.status == 200 else {
            throw desk.refusal(
                response,
                nil,
                hint: "only the second version of the service (IMDSv2) is asked: is it enabled?"
            )
        }
        guard !token.isEmpty, token.isOneLine, !response.body.looksLikeHTML else {
            throw desk.unusable("its token is empty, or has more than one line")
        }
        return token
    }

    private static func isPartOfRole(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "+=,.@-_".utf8.contains(byte)
        }
    }
}
