internal import ObjectStorage

/// Asks one service for credentials, patiently but not for long, and tells no secret when it fails.
struct ServiceDesk: Sendable {
    /// The service, for messages.
    let name: String
    private let client: CurlClient
    private let connect: Duration
    private let total: Duration
    private let attempts: Int
    private let world: S3World

    // 256 KiB: an answer has some thousand bytes, the longest part of which is a session token.
    private static let bodyLimit = 256 << 10

    init(
        _ name: String,
        _ fetcher: CredentialsFetcher,
        usesProxy: Bool,
        connect: Duration,
        total: Duration,
        attempts: Int
    ) throws(ObjectStoreError) {
        let options = TransportOptions(
            userAgent: fetcher.userAgent,
            caFile: fetcher.caFile,
            usesProxy: usesProxy,
            maxConnections: 1,
            connect: connect,
            stall: total
        )
        do {
            client = try CurlClient(options)
        } catch {
            throw ObjectStoreError(.network, error.detail)
        }
        (self.name, self.connect, self.total) = (name, connect, total)
        (self.attempts, self.world) = (attempts, fetcher.world)
    }

    /// What an attempt brings, the first that does.
    func repeating<Value: Sendable>(
        _ attempt: () async throws(ObjectStoreError) -> Value
    ) async throws(ObjectStoreError) -> Value {
        var count = 1
        while true {
            do throws(ObjectStoreError) {
                return try await attempt()
            } catch {
                var error = error
                guard error.isRetryable, count < attempts else {
                    // Whoever waits for keys has nothing to repeat: that was done here.
                    error.isRetryable = false
                    if count > 1 { error.message += " (gave up after \(count) attempts)" }
                    throw error
                }
                do {
                    // 0.1 s, 0.2 s, … at most, and a random part of it: many pods ask one service.
                    try await world.sleep(0.1 * Double(1 << min(count, 6)) * world.random())
                } catch {
                    throw ObjectStoreError(.cancelled, "the question to \(name) was cancelled")
                }
                count += 1
            }
        }
    }

    /// The answer to one request.
    func ask(
        _ method: HTTPRequest.Method,
        _ url: String,
        headers: [Header] = [],
        body: [UInt8] = []
    ) async throws(ObjectStoreError) -> HTTPResponse {
        do {
            return try await client.perform(
                HTTPRequest(
                    method: method,
                    url: url,
                    headers: headers + [Header("accept-encoding", "identity")],
                    body: body,
                    bodyLimit: Self.bodyLimit,
                    firstByte: total,
                    total: total
                )
            )
        } catch {
            throw explain(error)
        }
    }

    private func explain(_ failure: TransportFailure) -> ObjectStoreError {
        let detail = printable(failure.detail)
        switch failure.kind {
        case .cancelled:
            return ObjectStoreError(.cancelled, "the question to \(name) was cancelled")
        case .connectTimeout, .firstByteTimeout, .stalled, .totalTimeout:
            return ObjectStoreError(.timedOut, "\(name) does not answer: \(detail)", isRetryable: true)
        case .unknownHost, .refused, .reset, .shortBody:
            return ObjectStoreError(.network, "\(name) cannot be reached: \(detail)", isRetryable: true)
        case .tls:
            return ObjectStoreError(
                .tls,
                "no TLS connection to \(name): \(detail)",
                hint: "name the certificates to trust with --ca-file or AWS_CA_BUNDLE"
            )
        default:
            return ObjectStoreError(.badResponse, "\(name) gives no proper answer: \(detail)")
        }
    }

    /// The error for an answer that is no success.
    ///
    /// - Parameter words: what the service says of it, already without anything secret.
    func refusal(_ response: HTTPResponse, _ words: String?, hint: String? = nil) -> ObjectStoreError {
        let said = words.map { ": \($0)" } ?? (response.body.looksLikeHTML ? " with an HTML page" : "")
        return ObjectStoreError(
            .accessDenied,
            "\(name) answers \(response.status)\(said)",
            hint: hint,
            isRetryable: response.status == 429 || response.status >= 500
        )
    }

    /// The error for an answer of success that holds no keys.
    ///
    /// What it holds is never shown: it may be a part of them.
    func unusable(_ why: String) -> ObjectStoreError {
        ObjectStoreError(
            .badResponse,
            "\(name) gives no usable keys: \(why)",
            hint: "does something else answer at that address?",
            isRetryable: true
        )
    }
}
