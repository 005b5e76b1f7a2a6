internal import ObjectStorage
internal import Synchronization

/// Asks a bucket once for each request, and corrects a wrong region or a wrong clock once.
final class S3Connection: DeletableObjectStore {
    let name: String

    private struct State {
        var endpoint: S3Endpoint
        var region: String
        /// Signs with the keys of the last request, nil before the first one.
        var signer: SigV4Signer?
        /// The keys before these: an answer to a request with them may still come.
        var formerKeys: S3Credentials?
        var isRegionCorrected = false
        /// What to add to the local clock, in microseconds; only after the server refused a signature.
        var correction: Int64 = 0
        var clock = ServerClock()
        /// The first answer to a GET that came out of a cache.
        var cachedAnswer: String?
        /// Whether the store turned out not to know how to delete many objects at once.
        var deletesSingly = false
        var statistics = RequestStatistics()

        /// The signer for some keys: the one of before, with what it has derived, as long as they are the same.
        mutating func signer(for keys: S3Credentials) -> SigV4Signer {
            if let signer, signer.credentials.isSame(as: keys) { return signer }
            if let signer { formerKeys = signer.credentials }
            let signer = SigV4Signer(credentials: keys, region: region)
            self.signer = signer
            return signer
        }
    }

    /// One request, before it is signed.
    struct Call {
        var kind: any WritableKeyPath<RequestStatistics, Int> & Sendable
        var method = HTTPRequest.Method.get
        var key: ObjectKey?
        var query: [QueryItem] = []
        var headers: [Header] = []
        var body: [UInt8] = []
        var bodyLimit = 0
        var firstByte: Duration
        var total: Duration?
    }

    // 64 MiB: a page of 10,000 keys of 1,024 bytes, each byte encoded as three.
    private static let pageLimit = 64 << 20

    let configuration: S3Configuration
    private let begin = ContinuousClock.now
    private let client: CurlClient
    private let now: @Sendable () -> Int64
    private let keeper: CredentialsKeeper
    private let state: Mutex<State>

    /// A connection that has not been used yet.
    init(_ configuration: S3Configuration, world: S3World) throws(ObjectStoreError) {
        let region = S3Endpoint.region(of: configuration)
        guard S3Endpoint.isUserRegion(region) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\"\(printable(region))\" is not the name of a region",
                hint: "give the region of the bucket with --region"
            )
        }
        let endpoint = try S3Endpoint(configuration, region: region)
        try configuration.credentials.keys?.check()
        if let file = configuration.caFile { try CertificateFile.check(file) }
        let options = TransportOptions(
            userAgent: configuration.userAgent,
            caFile: configuration.caFile,
            usesProxy: !endpoint.isLoopback,
            // 64: more would only wait for two cores, and stores count connections.
            maxConnections: min(max(configuration.concurrency, 1), 64),
            connect: configuration.timeouts.connect,
            stall: configuration.timeouts.stall
        )
        self.name = "s3://\(configuration.bucket)"
        self.configuration = configuration
        self.now = world.clock
        self.keeper = CredentialsKeeper(configuration.credentials, fetcher: configuration.fetcher(world))
        do {
            client = try CurlClient(options)
        } catch {
            throw ObjectStoreError(.network, error.detail)
        }
        state = Mutex(State(endpoint: endpoint, region: region))
    }

    var statistics: RequestStatistics { state.withLock { $0.statistics } }

    /// What the answers have shown of the server's clock, and the first one that came out of a cache.
    var clock: StoreClock { state.withLock { $0.clock.clock } }
    var cachedAnswer: String? { state.withLock { $0.cachedAnswer } }

    func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        let query = try ListingQuery(request, bucket: configuration.bucket)
        guard !query.isEmpty else { return ObjectPage() }
        let response = try await exchange(
            Call(
                kind: \.list,
                query: query.items,
                bodyLimit: Self.pageLimit,
                firstByte: configuration.timeouts.firstByteOfListing,
                total: configuration.timeouts.listing
            )
        )
        guard response.status == 200 else {
            throw failure(nil).unexpected(response, wanted: "200", isRetryable: false)
        }
        let document = try plainDocument(of: response, limit: Self.pageLimit, failure(nil), wanted: "a listing")
        do {
            return try query.admit(ParsedListing.parse(document))
        } catch {
            if let found = S3ErrorResponse.parse(document) {
                throw failure(nil).explain(response, found)
            }
            throw failure(nil).noListing(response, error)
        }
    }

    func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] {
        var headers: [Header] = []
        if let range {
            guard range.lowerBound >= 0, !range.isEmpty else { return try await getNothing(key, range) }
            headers = [Header("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        }
        let response = try await exchange(
            Call(
                kind: \.get,
                key: key,
                headers: headers,
                bodyLimit: max(0, limit),
                firstByte: configuration.timeouts.firstByte
            )
        )
        return try ObjectBody(response, range: range, failure: failure(key)).bytes
    }

    /// A range without bytes cannot be written in HTTP; whether it lies within the object is to be found out.
    private func getNothing(_ key: ObjectKey, _ range: Range<Int64>) async throws(ObjectStoreError) -> [UInt8] {
        let size = try await head(key).size
        guard range.lowerBound >= 0, range.lowerBound < size else {
            throw failure(key).outside(range, size: size)
        }
        return []
    }

    func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        let response = try await exchange(
            Call(kind: \.head, method: .head, key: key, firstByte: configuration.timeouts.firstByte)
        )
        guard response.status == 200, let size = response.header("content-length").flatMap({ decimal($0.utf8) }),
            let time = response.header("last-modified").flatMap({ Timestamp(httpDate: $0) })
        else {
            throw failure(key).unexpected(response, wanted: "200 with Content-Length and Last-Modified")
        }
        let etag = String(decoding: normalisedETag((response.header("etag") ?? "").utf8), as: UTF8.self)
        return ObjectSummary(
            key: key,
            size: size,
            lastModified: time.microseconds,
            etag: etag.isEmpty ? nil : etag
        )
    }

    /// Whether objects are to be deleted one by one.
    var deletesSingly: Bool {
        get { state.withLock { $0.deletesSingly } }
        set { state.withLock { $0.deletesSingly = newValue } }
    }

    /// The answer to a request, where it is a success.
    private func exchange(_ call: Call) async throws(ObjectStoreError) -> HTTPResponse {
        let (response, error) = try await ask(call)
        guard (200..<300).contains(response.status) else {
            var failure = failure(call.key)
            failure.isBodiless = call.method == .head
            throw failure.explain(response, error)
        }
        return response
    }

    /// Signs and sends a request, again where the answer says how to sign it better, and returns the last answer
    /// with the error in it, if it is no success.
    func ask(_ call: Call) async throws(ObjectStoreError) -> (HTTPResponse, S3ErrorResponse?) {
        var call = call
        var (mayCorrectRegion, mayCorrectClock, mayRenewKeys) = (true, true, true)
        while true {
            try spendTime(on: &call)
            let keys = try await keeper.credentials()
            let (endpoint, signer, correction) = state.withLock { state in
                state.statistics[keyPath: call.kind] += 1
                return (state.endpoint, state.signer(for: keys), state.correction)
            }
            try refusePlainText(call, keys, endpoint)
            let sent = now()
            let request = try prepare(call, endpoint, signer, Timestamp(microseconds: sent &+ correction))
            let response: HTTPResponse
            do {
                response = try await client.perform(request)
            } catch {
                throw failure(call.key).explain(await HostLookup.refine(error, host: endpoint.hostName))
            }
            let received = now()
            let isSuccess = (200..<300).contains(response.status)
            let error = isSuccess ? nil : S3ErrorResponse.parse(response.body)
            state.withLock { state in
                state.statistics.bytesReceived += Int64(response.body.count)
                if isSuccess || error != nil || call.method == .head {
                    state.clock.learn(from: response, sent: sent, received: received)
                }
                if call.method == .get, state.cachedAnswer == nil, let sign = CacheSign.of(response) {
                    state.cachedAnswer = "\(call.key.map { "object \($0)" } ?? "a listing") of \(name) (\(sign))"
                }
            }
            if isSuccess { return (response, nil) }
            if mayCorrectRegion, correctRegion(response, error, used: signer.region) {
                mayCorrectRegion = false
            } else if mayCorrectClock, correctClock(response, error, used: correction) {
                mayCorrectClock = false
            } else if mayRenewKeys, S3Failure.maySayExpired(response, error, call.method),
                try await keeper.renewed(after: keys) != nil
            {
                mayRenewKeys = false
            } else {
                return (response, error)
            }
            state.withLock { $0.statistics.retries += 1 }
        }
    }

    /// Refuses a request for which there is no time left, and bounds one that reads by what is left.
    private func spendTime(on call: inout Call) throws(ObjectStoreError) {
        guard let altogether = configuration.timeouts.altogether else { return }
        let left = altogether - (ContinuousClock.now - begin)
        guard left > .zero else {
            throw ObjectStoreError(
                .timedOut,
                "the time that all requests to \(name) may take together is over",
                hint: "give it more time with --max-time",
                isRetryable: false
            )
        }
        if call.method == .get || call.method == .head { call.total = call.total.map { min($0, left) } ?? left }
    }

    /// Refuses what nobody on the way should be able to take or to bring about.
    private func refusePlainText(
        _ call: Call,
        _ keys: S3Credentials,
        _ endpoint: S3Endpoint
    ) throws(ObjectStoreError) {
        guard !endpoint.isSecure, !endpoint.isPrivate, !configuration.allowsPublicHTTP else { return }
        let isDeletion = call.method == .post || call.method == .delete
        guard isDeletion || keys.sessionToken != nil else { return }
        throw ObjectStoreError(
            .invalidConfiguration,
            isDeletion
                ? "nothing is deleted in \(name) over http: anybody on the way to \(endpoint.description) could have forged "
                    + "the listing"
                : "the session token is not sent over http: anybody on the way to \(endpoint.description) could use it",
            hint: "write https:// in --endpoint-url, or take the risk with --allow-insecure-http"
        )
    }

    private func prepare(
        _ call: Call,
        _ endpoint: S3Endpoint,
        _ signer: SigV4Signer,
        _ time: Timestamp
    ) throws(ObjectStoreError) -> HTTPRequest {
        let host = Header("host", endpoint.hostHeader)
        let signature = try signer.sign(
            method: call.method.rawValue,
            path: endpoint.path(of: call.key),
            query: call.query,
            headers: [host] + call.headers,
            payloadHash: call.body.isEmpty ? SHA256.hexOfNothing : try SHA256.hex(call.body),
            at: time
        )
        // Not signed, as proxies rewrite it; sent, because R2 leaves out the length of what it compresses.
        let plain = Header("accept-encoding", "identity")
        return HTTPRequest(
            method: call.method,
            url: endpoint.url(of: signature.canonicalRequest),
            headers: [host, plain] + call.headers + signature.headers,
            body: call.body,
            bodyLimit: call.bodyLimit,
            firstByte: call.firstByte,
            total: call.total
        )
    }

    func failure(_ key: ObjectKey?) -> S3Failure {
        let (endpoint, region, keys) = state.withLock { state in
            (state.endpoint, state.region, [state.signer?.credentials, state.formerKeys].compactMap { $0 })
        }
        return S3Failure(
            store: name,
            bucket: configuration.bucket,
            key: key,
            endpoint: endpoint,
            region: region,
            keys: keys,
            caFile: configuration.caFile
        )
    }

    // MARK: Corrections

    /// Takes over the region that an answer names; whether the request may so succeed.
    private func correctRegion(_ response: HTTPResponse, _ error: S3ErrorResponse?, used: String) -> Bool {
        guard [301, 307, 400, 403].contains(response.status) else { return false }
        // Garage names its region in every error, and only one of them is about it.
        let isAboutRegion = error?.code == "AuthorizationHeaderMalformed" || response.status < 400
        guard let region = response.header("x-amz-bucket-region") ?? (isAboutRegion ? error?.region : nil),
            S3Endpoint.isRegionName(region), region != used
        else { return false }
        return state.withLock { state in
            // Another request may have corrected it meanwhile.
            guard state.region == used else { return true }
            // Once: a server that names a new region each time is not to be followed.
            guard !state.isRegionCorrected else { return false }
            if state.endpoint.isAWS, configuration.endpoint == nil {
                guard let endpoint = try? S3Endpoint(configuration, region: region) else { return false }
                state.endpoint = endpoint
            }
            state.isRegionCorrected = true
            state.region = region
            state.signer = state.signer.map { SigV4Signer(credentials: $0.credentials, region: region) }
            return true
        }
    }

    /// Takes over the server's clock where a refusal may be due to ours; whether the request may so succeed.
    private func correctClock(_ response: HTTPResponse, _ error: S3ErrorResponse?, used: Int64) -> Bool {
        guard S3Failure.mayBeClock(response, error) else { return false }
        return state.withLock { state in
            guard state.correction == used else { return true }
            // 4 minutes, as the SDKs of AWS: stores tolerate 15.
            guard let skew = state.clock.skew, abs(skew - used) > 240 * 1_000_000 else { return false }
            state.correction = skew
            return true
        }
    }
}
