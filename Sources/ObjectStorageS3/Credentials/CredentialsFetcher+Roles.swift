internal import ObjectStorage

extension CredentialsFetcher {
    // 20,000 bytes: the longest token that AssumeRoleWithWebIdentity takes.
    private static let tokenLimit = 20_000

    /// Asks for the keys of a role with the token of a web identity.
    ///
    /// Such a request is not signed, and the token is in its body: a URL would be logged.
    func fetch(_ identity: WebIdentity) async throws(ObjectStoreError) -> TemporaryCredentials {
        let desk = try remoteDesk(identity.service)
        return try await desk.repeating { () async throws(ObjectStoreError) in
            let token = try TokenFile.read(identity.tokenFile)
            guard !token.isEmpty, token.isOneLine, token.text.utf8.count <= Self.tokenLimit else {
                throw ObjectStoreError(
                    .invalidConfiguration,
                    "\(printable(identity.tokenFile)) is empty, or holds more than a token",
                    hint: "is the token of the service account mounted into this container?"
                )
            }
            let action = "AssumeRoleWithWebIdentity"
            let seconds = Timestamp(microseconds: world.clock()).seconds
            let fields =
                identity.role.fields(action: action, at: seconds) + [QueryItem("WebIdentityToken", token.text)]
            let response = try await desk.ask(
                .post,
                identity.service.url,
                headers: [Self.form],
                body: Array(CanonicalRequest.query(fields).utf8)
            )
            return try read(response, action, desk, hiding: [token])
        }
    }

    /// Asks for the keys of a role with other keys.
    func fetch(
        _ role: AssumedRole,
        with keys: S3Credentials
    ) async throws(ObjectStoreError) -> TemporaryCredentials {
        let desk = try remoteDesk(role.service)
        let signer = SigV4Signer(credentials: keys, region: role.service.region, service: "sts")
        return try await desk.repeating { () async throws(ObjectStoreError) in
            let time = Timestamp(microseconds: world.clock())
            var fields = role.role.fields(action: "AssumeRole", at: time.seconds)
            if let id = role.externalID { fields.append(QueryItem("ExternalId", id)) }
            let body = Array(CanonicalRequest.query(fields).utf8)
            let headers = [Header("host", role.service.address.authority), Self.form]
            let signature = try signer.sign(
                method: "POST",
                path: Array(role.service.path.utf8),
                query: [],
                headers: headers,
                payloadHash: try SHA256.hex(body),
                payloadHeader: .omitted,
                at: time
            )
            let response = try await desk.ask(
                .post,
                role.service.url,
                headers: headers + signature.headers,
                body: body
            )
            return try read(response, "AssumeRole", desk, hiding: keys.secrets)
        }
    }

    private static let form = Header("content-type", "application/x-www-form-urlencoded; charset=utf-8")

    private func read(
        _ response: HTTPResponse,
        _ action: String,
        _ desk: ServiceDesk,
        hiding secrets: [SecretKey]
    ) throws(ObjectStoreError) -> TemporaryCredentials {
        if response.status == 200, response.body.looksLikeHTML { throw desk.unusable("the answer is an HTML page") }
        let answer: STSAnswer
        do {
            answer = try STSAnswer.parse(response.body)
        } catch {
            guard response.status == 200 else { throw desk.refusal(response, nil) }
            throw desk.unusable("the answer is not that of \(action)")
        }
        if let failure = answer.failure { throw refusal(response, failure, desk, hiding: secrets) }
        guard response.status == 200 else { throw desk.refusal(response, nil) }
        guard answer.root == "\(action)Response" else { throw desk.unusable("the answer is not that of \(action)") }
        func field(_ name: String) throws(ObjectStoreError) -> String {
            guard let value = answer.fields[name], !value.isEmpty else { throw desk.unusable("\(name) is missing") }
            return value
        }
        let credentials = S3Credentials(
            accessKeyID: try field("AccessKeyId"),
            secretAccessKey: try field("SecretAccessKey"),
            sessionToken: try field("SessionToken")
        )
        guard credentials.isSendable else { throw desk.unusable("they hold blanks or line ends") }
        guard let expiration = Timestamp(rfc3339: Array(try field("Expiration").utf8).span) else {
            throw desk.unusable("Expiration is not a time")
        }
        let found = TemporaryCredentials(credentials: credentials, expiration: expiration.microseconds)
        return try checkHold(found, of: desk.name)
    }

    private func refusal(
        _ response: HTTPResponse,
        _ failure: S3ErrorResponse,
        _ desk: ServiceDesk,
        hiding secrets: [SecretKey]
    ) -> ObjectStoreError {
        let words = scrubbed(
            failure.message.isEmpty ? failure.code : "\(failure.code): \(failure.message)",
            hiding: secrets
        )
        let hint: String? =
            switch failure.code {
            case "ExpiredTokenException", "ExpiredToken", "InvalidIdentityToken":
                "is the token in the file still renewed, and does the role trust its issuer?"
            case "AccessDenied", "AccessDeniedException":
                "does the role exist, and does it trust whoever asks?"
            case "RegionDisabledException": "enable the region for STS, or set AWS_REGION to another one"
            case "SignatureDoesNotMatch", "InvalidClientTokenId":
                "check the key pair that asks for the role, and the clock of this machine"
            default: nil
            }
        var error = desk.refusal(response, words, hint: hint)
        // The file is read anew: the token may have been replaced meanwhile.
        let mayPass = ["InvalidIdentityToken", "IDPCommunicationError", "Throttling", "InternalFailure"]
        error.isRetryable = error.isRetryable || mayPass.contains(failure.code)
        return error
    }
}

extension STSService {
    /// The path that is signed: never empty.
    fileprivate var path: String { address.path.isEmpty ? "/" : address.path }

    fileprivate var url: String { address.path.isEmpty ? address.url("/") : address.url() }
}

extension S3Credentials {
    /// What must never be printed.
    var secrets: [SecretKey] { [secretAccessKey] + (sessionToken.map { [$0] } ?? []) }
}
