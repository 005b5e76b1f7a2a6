internal import ObjectStorage

/// Turns what came instead of an answer into one error that says what to do.
struct S3Failure: Sendable {
    let store: String
    let bucket: String
    let key: ObjectKey?
    let endpoint: S3Endpoint
    let region: String
    /// The keys that were signed with, the newest first.
    let keys: [S3Credentials]
    let caFile: String?
    /// Whether the answer has no body to explain itself with.
    var isBodiless = false
    /// What the key pair has to be allowed.
    var right = "list and read the bucket"

    /// The object, or the bucket, for messages.
    private var subject: String { key.map { "\(store)/\($0)" } ?? store }

    /// The access key as far as it may be printed.
    private var accessKey: String { keys.first?.printedAccessKey ?? "…" }

    private static let checkCredentials =
        "check the key pair that the environment, --profile or --credentials-dir gives, and --endpoint-url"

    // MARK: Answers

    /// The error for an answer that is no success.
    func explain(_ response: HTTPResponse, _ found: S3ErrorResponse?) -> ObjectStoreError {
        var error = classify(response, found)
        if error.isRetryable { error.retryAfter = retryAfter(response) }
        return error
    }

    private func classify(_ response: HTTPResponse, _ found: S3ErrorResponse?) -> ObjectStoreError {
        guard let found else { return classifyStatus(response) }
        let said = self.said(response, found)
        switch found.code {
        case "NoSuchBucket":
            return ObjectStoreError(
                .noSuchBucket,
                "bucket \(bucket) does not exist at \(endpoint.description) (\(said))",
                hint: "check the name in the location and --endpoint-url"
            )
        case "NoSuchKey":
            return ObjectStoreError(.noSuchKey, "no object \(key?.description ?? "") in \(store) (\(said))")
        case "InvalidRange":
            return ObjectStoreError(.invalidRange, "the bytes asked for lie behind the end of \(subject) (\(said))")
        case "AccessDenied":
            return denied(said)
        case "InvalidAccessKeyId":
            return ObjectStoreError(
                .accessDenied,
                "\(endpoint.description) does not know access key \(accessKey) (\(said))",
                hint: Self.checkCredentials
            )
        case "SignatureDoesNotMatch", "InvalidSignatureException":
            return ObjectStoreError(
                .accessDenied,
                "\(endpoint.description) refuses the signature of access key \(accessKey) (\(said))",
                hint: "the secret key does not belong to it, or a proxy changes requests; \(Self.checkCredentials)"
            )
        case let code where Self.expiries.contains(code) || code == "InvalidToken":
            return ObjectStoreError(
                .accessDenied,
                "the session token of access key \(accessKey) is refused (\(said))",
                hint: "get new temporary credentials"
            )
        case "RequestTimeTooSkewed", "RequestExpired", "ExpiredRequest":
            return ObjectStoreError(
                .clockSkew,
                "the local clock and that of \(endpoint.description) are too far apart (\(said))",
                hint: "set the clock of this machine"
            )
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "Redirect":
            return wrongRegion(response, found, said)
        case let code where Self.throttles.contains(code) || code.hasPrefix("Throttling"):
            return throttled(said)
        case let code where Self.transient.contains(code):
            return ObjectStoreError(.server, "\(endpoint.description) failed: \(said)", isRetryable: true)
        case "NotImplemented", "MethodNotAllowed":
            return ObjectStoreError(.unsupported, "\(endpoint.description) does not know the operation (\(said))")
        default:
            return classifyStatus(response, said)
        }
    }

    private static let expiries: Set<String> = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]

    /// Whether other keys of the same source may be taken; the answer to HEAD has no body to say so in.
    static func maySayExpired(
        _ response: HTTPResponse,
        _ found: S3ErrorResponse?,
        _ method: HTTPRequest.Method
    ) -> Bool {
        if method == .head { return response.status == 400 || response.status == 403 }
        return found.map { expiries.contains($0.code) } ?? false
    }

    static let throttles: Set<String> = [
        "SlowDown", "SlowDownRead", "SlowDownWrite", "TooManyRequests", "TooManyRequestsException",
        "ThrottledException",
        "RequestThrottled", "RequestLimitExceeded", "BandwidthLimitExceeded", "TooMuchConcurrency",
    ]

    static let transient: Set<String> = [
        "InternalError", "RequestTimeout", "OperationAborted", "ServiceUnavailable", "ServerBusy",
        "XMinioServerNotInitialized",
    ]

    /// What the status alone says.
    private func classifyStatus(_ response: HTTPResponse, _ said: String? = nil) -> ObjectStoreError {
        let what = said ?? answered(response)
        switch response.status {
        case 300..<400:
            return redirected(response, what)
        case 400 where said == nil && response.body.speaksOfHTTPS:
            return ObjectStoreError(
                .tls,
                "\(endpoint.description) expects TLS on this port",
                hint: "write https:// instead of http:// in --endpoint-url"
            )
        case 401, 403:
            return denied(what)
        // S3 says in XML what is not there. Anything else that listens at the address has a 404 too.
        case 404 where said == nil && !isBodiless:
            var error = ObjectStoreError(
                .badResponse,
                "\(endpoint.description) does not say what of \(subject) is missing, as S3 does (\(what))",
                hint: Self.notS3,
                isRetryable: true
            )
            error.mostAttempts = 2
            return error
        case 404 where key != nil:
            return ObjectStoreError(.noSuchKey, "no object \(key?.description ?? "") in \(store) (\(what))")
        case 404:
            return ObjectStoreError(
                .noSuchBucket,
                "bucket \(bucket) does not exist at \(endpoint.description) (\(what))",
                hint: "check the name in the location and --endpoint-url"
            )
        case 416:
            return ObjectStoreError(.invalidRange, "the bytes asked for lie behind the end of \(subject) (\(what))")
        case 429, 503:
            return throttled(what)
        case 405, 501:
            return ObjectStoreError(.unsupported, "\(endpoint.description) does not know the operation (\(what))")
        case 407:
            return ObjectStoreError(
                .network,
                "a proxy wants credentials (\(what))",
                hint: "check the https_proxy and no_proxy variables"
            )
        case 408, 499, 500, 502, 504, 520...527:
            return ObjectStoreError(.server, "\(endpoint.description) failed: \(what)", isRetryable: true)
        default:
            return ObjectStoreError(
                .badResponse,
                "\(endpoint.description) refuses the request for \(subject) (\(what))",
                hint: said == nil ? Self.notS3 : "check --endpoint-url, --region (\(region)) and --addressing"
            )
        }
    }

    private func denied(_ said: String) -> ObjectStoreError {
        ObjectStoreError(
            .accessDenied,
            "access to \(subject) at \(endpoint.description) is denied (\(said))",
            hint: "check that the key may \(right), and the region (\(region)); \(Self.checkCredentials)"
        )
    }

    func throttled(_ said: String) -> ObjectStoreError {
        ObjectStoreError(
            .throttled,
            "\(endpoint.description) asks to slow down (\(said))",
            hint: "ask less at a time with --concurrency",
            isRetryable: true
        )
    }

    private func wrongRegion(_ response: HTTPResponse, _ found: S3ErrorResponse, _ said: String) -> ObjectStoreError {
        let wanted = [response.header("x-amz-bucket-region"), found.region].compactMap { $0 }.first {
            S3Endpoint.isUserRegion($0) && $0 != region
        }
        return ObjectStoreError(
            .wrongRegion,
            "\(endpoint.description) does not serve bucket \(bucket) in region \(region) (\(said))",
            hint: wanted.map { "use --region \($0)" } ?? "give the region of the store with --region"
        )
    }

    private func redirected(_ response: HTTPResponse, _ said: String) -> ObjectStoreError {
        let target = response.header("location").map { location in
            // What stands behind the path may be a signature.
            scrub(String(location.prefix { $0 != "?" && $0 != "#" }))
        }
        return ObjectStoreError(
            .badResponse,
            "\(endpoint.description) redirects to \(target ?? "another place") (\(said)), which is never followed",
            hint: "name the address of the S3 API itself with --endpoint-url, or the bucket's region with --region"
        )
    }

    /// An answer with a status of success that is not what S3 answers.
    func unexpected(_ response: HTTPResponse, wanted: String, isRetryable: Bool = true) -> ObjectStoreError {
        ObjectStoreError(
            .badResponse,
            "\(endpoint.description) gave no proper answer for \(subject): wanted \(wanted), got \(answered(response))",
            isRetryable: isRetryable
        )
    }

    /// A listing that cannot be read, or is another one.
    func noListing(_ response: HTTPResponse, _ failure: XMLFailure) -> ObjectStoreError {
        let isPage = response.body.looksLikeHTML
        let what = isPage ? "an HTML page (\(describe(response)))" : "a document that is no listing"
        var error = ObjectStoreError(
            .badResponse,
            "\(endpoint.description) answers a listing of \(store) with \(what): \(scrub(failure.message))",
            hint: isPage ? Self.notS3 : failure.hint,
            // A document that was cut may come whole next time.
            isRetryable: true
        )
        // The page of a proxy may pass; that of a console stays.
        error.mostAttempts = isPage ? 2 : failure.mostAttempts
        return error
    }

    /// A range that begins behind the end.
    func outside(_ range: Range<Int64>, size: Int64) -> ObjectStoreError {
        ObjectStoreError(
            .invalidRange,
            "bytes \(range.lowerBound)..<\(range.upperBound) of \(subject) do not exist: it has \(size)"
        )
    }

    static let notS3 = "--endpoint-url must name the S3 API of the store, not its console or a web site"

    /// Whether a refusal may be due to a wrong local clock.
    static func mayBeClock(_ response: HTTPResponse, _ found: S3ErrorResponse?) -> Bool {
        guard let found else { return response.status == 403 || response.status == 400 }
        switch found.code {
        case "RequestTimeTooSkewed", "RequestExpired", "ExpiredRequest": return true
        case "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure": return true
        case let code where code.hasPrefix("AccessDenied"): return true
        // Garage: 400 "Date is too old".
        case "InvalidRequest": return found.message.contains("Date is too old")
        default: return false
        }
    }

    // MARK: What the server said

    private func said(_ response: HTTPResponse, _ found: S3ErrorResponse) -> String {
        var text = "\(response.status) \(said(found))"
        if let id = found.requestID ?? response.header("x-amz-request-id"), !id.isEmpty {
            text += ", request \(scrub(id))"
        }
        return text
    }

    func said(_ found: S3ErrorResponse) -> String {
        var message = scrub(found.message)
        while message.hasSuffix(".") { message.removeLast() }
        return message.isEmpty ? scrub(found.code) : "\(scrub(found.code)): \(message)"
    }

    private func answered(_ response: HTTPResponse) -> String {
        guard !response.body.isEmpty else { return "status \(response.status)" }
        if response.body.looksLikeHTML { return "status \(response.status) and an HTML page" }
        return "status \(response.status) and \(beginning(response))"
    }

    private func describe(_ response: HTTPResponse) -> String {
        let type = response.header("content-type").map { "\(scrub($0)), " } ?? ""
        return "status \(response.status), \(type)\(beginning(response))"
    }

    /// The first words of a body.
    private func beginning(_ response: HTTPResponse) -> String {
        // 120: enough of a plain-text refusal to recognise it.
        "\"\(scrub(String(decoding: response.body.prefix(120), as: UTF8.self)))\""
    }

    /// Text of the server's, printable and short, and without what must not be printed.
    func scrub(_ text: String) -> String {
        scrubbed(text, hiding: keys.flatMap(\.secrets))
    }

    /// Seconds that the server asks to wait, from 0 to 60: MinIO always says 60, a hostile one a million.
    private func retryAfter(_ response: HTTPResponse) -> Double? {
        if let text = response.header("x-amz-retry-after"), let thousandths = decimal(text.utf8) {
            return min(Double(thousandths) / 1000, 60)
        }
        guard let text = response.header("retry-after") else { return nil }
        if let seconds = decimal(text.utf8) { return min(Double(seconds), 60) }
        guard let until = Timestamp(httpDate: text),
            let now = response.header("date").flatMap({ Timestamp(httpDate: $0) })
        else { return nil }
        return min(max(Double(until.seconds - now.seconds), 0), 60)
    }
}

extension [UInt8] {
    var looksLikeHTML: Bool {
        let start = lowercased(String(decoding: trimmed(prefix(256)), as: UTF8.self))
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    /// What Go and nginx answer a plain request on a port for TLS.
    fileprivate var speaksOfHTTPS: Bool {
        let start = String(decoding: prefix(1024), as: UTF8.self)
        return start.contains("HTTP request to an HTTPS server")
            || start.contains("HTTP request was sent to HTTPS port")
    }
}
