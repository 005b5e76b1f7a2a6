internal import ObjectStorage

/// The answer of a metadata service: JSON that holds keys, or says why there are none.
struct CredentialsDocument {
    private let members: JSONMembers?

    init(_ response: HTTPResponse) {
        members = JSONMembers(response.body)
    }

    /// What it says of a failure, without what was sent.
    func words(hiding secrets: [SecretKey]) -> String? {
        guard members?["Code"] != "Success" else { return nil }
        let parts = [members?["Code"] ?? members?["code"], members?["Message"] ?? members?["message"]]
        let words = parts.compactMap { $0 }.joined(separator: ": ")
        return words.isEmpty ? nil : scrubbed(words, hiding: secrets)
    }

    /// The keys, or why there are none.
    func credentials(of desk: ServiceDesk, hiding secrets: [SecretKey]) throws(ObjectStoreError)
        -> TemporaryCredentials
    {
        guard let members else { throw desk.unusable("the answer is no JSON object") }
        // The instance metadata answers 200 to failures.
        if let code = members["Code"], code != "Success" {
            throw desk.unusable(words(hiding: secrets) ?? scrubbed(code, hiding: secrets))
        }
        func member(_ name: String) throws(ObjectStoreError) -> String {
            guard let value = members[name] else {
                throw desk.unusable(words(hiding: secrets) ?? "\(name) is missing")
            }
            return value
        }
        let credentials = S3Credentials(
            accessKeyID: try member("AccessKeyId"),
            secretAccessKey: try member("SecretAccessKey"),
            sessionToken: try member("Token")
        )
        guard credentials.isSendable else { throw desk.unusable("they hold blanks or line ends") }
        let expiration = Timestamp(rfc3339: Array(try member("Expiration").utf8).span)
        guard let expiration else { throw desk.unusable("Expiration is not a time") }
        return TemporaryCredentials(credentials: credentials, expiration: expiration.microseconds)
    }
}
