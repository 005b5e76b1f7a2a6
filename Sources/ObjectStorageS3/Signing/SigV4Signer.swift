internal import ObjectStorage
internal import Synchronization

/// Signs requests with AWS Signature Version 4.
///
/// Pure but for a cache: request, time and credentials go in, headers come out.
struct SigV4Signer: Sendable {
    /// Whether the request says the hash of its body in a header: S3 demands it, other services do not.
    enum PayloadHeader {
        case sent
        case omitted
    }

    /// What a signature adds to a request, and how it came about.
    struct Signature: Sendable {
        /// The headers to send besides those that were there: date, payload hash, session token, authorization.
        var headers: [Header]
        var canonicalRequest: CanonicalRequest
        var stringToSign: String
        var authorization: String
    }

    let credentials: S3Credentials
    let region: String
    let service: String
    private let key = SigningKeyCache()

    init(credentials: S3Credentials, region: String, service: String = "s3") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The signature of a request at a time.
    ///
    /// - Parameters:
    ///   - headers: the headers to sign, `host` among them.
    ///   - payloadHash: SHA-256 of the body in hexadecimal, or `UNSIGNED-PAYLOAD`.
    ///   - time: the server's clock, as well as it is known.
    func sign(
        method: String,
        path: [UInt8],
        query: [QueryItem],
        headers: [Header],
        payloadHash: String,
        payloadHeader: PayloadHeader = .sent,
        at time: Timestamp
    ) throws(ObjectStoreError) -> Signature {
        let date = time.basicFormat
        var added = [Header("x-amz-date", date)]
        if payloadHeader == .sent {
            added.append(Header("x-amz-content-sha256", payloadHash))
        }
        if let token = credentials.sessionToken {
            added.append(Header("x-amz-security-token", token.text))
        }
        let canonical = CanonicalRequest(
            method: method,
            path: path,
            query: query,
            headers: headers + added,
            payloadHash: payloadHash
        )
        let day = String(date.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let hash = try SHA256.hex(Array(canonical.text.utf8))
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(hash)"
        let code = try SHA256.hmac(text, key: try key.value(for: day, signer: self))
        let signature = unsafe code.withBytes { unsafe hexadecimal($0) }
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
        return Signature(
            headers: added + [Header("authorization", authorization)],
            canonicalRequest: canonical,
            stringToSign: text,
            authorization: authorization
        )
    }
}

/// The signing key of the day: four HMACs that are the same for every request of one date.
private final class SigningKeyCache: Sendable {
    private let current = Mutex<(day: String, key: SecretKey)?>(nil)

    func value(for day: String, signer: SigV4Signer) throws(ObjectStoreError) -> SecretKey {
        if let known = current.withLock({ $0 }), known.day == day {
            return known.key
        }
        var key = signer.credentials.secretAccessKey.prefixed(with: "AWS4")
        for part in [day, signer.region, signer.service, "aws4_request"] {
            key = try SHA256.hmac(part, key: key)
        }
        let derived = key
        current.withLock { $0 = (day, derived) }
        return derived
    }
}

extension SecretKey {
    /// A secret that begins with `text`.
    fileprivate func prefixed(with text: String) -> SecretKey {
        let prefix = Array(text.utf8)
        return unsafe withBytes { secret in
            unsafe SecretKey(count: prefix.count + secret.count) { target in
                let rest = unsafe target.update(fromContentsOf: prefix)
                _ = unsafe target.extracting(rest...).update(fromContentsOf: secret)
            }
        }
    }

    /// The secret as text, for the one header that carries it.
    var text: String {
        unsafe withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
