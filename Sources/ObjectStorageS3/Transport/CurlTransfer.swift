internal import CCellarCurl
internal import Synchronization

/// One exchange: a request on its way, and what has come of the answer.
///
/// Unchecked: after it was handed to the loop only the loop's thread touches it, except for the flag that asks
/// for its end.
@safe
final class CurlTransfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, TransportFailure>

    private let request: HTTPRequest
    private let continuation: CheckedContinuation<Outcome, Never>
    private let cancellation: Cancellation

    private var easy: UnsafeMutableRawPointer?
    private var list: UnsafeMutablePointer<curl_slist>?
    private let message: UnsafeMutablePointer<CChar>

    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var isBodyCut = false
    private var failure: TransportFailure?
    private var timers: TransferTimers

    // 64 KiB: an S3 error has some hundred bytes, a proxy's page some thousand.
    private static let errorBodyLimit = 65536

    init(
        _ request: HTTPRequest,
        stall: Duration,
        cancellation: Cancellation,
        continuation: CheckedContinuation<Outcome, Never>
    ) {
        self.request = request
        self.continuation = continuation
        self.cancellation = cancellation
        self.timers = TransferTimers(firstByte: request.firstByte, stall: stall, total: request.total)
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        if let easy = unsafe easy { unsafe curl_easy_cleanup(easy) }
        if let list = unsafe list { unsafe curl_slist_free_all(list) }
        unsafe message.deallocate()
    }

    /// Whether nobody waits for the answer any more.
    var isCancelled: Bool { cancellation.isRequested }

    /// Makes the handle that the loop adds to its multi, nil where libcurl refuses an option.
    ///
    /// - Parameter resolvesAgain: Whether to ask for the host's address although one is known.
    func open(_ options: TransportOptions, resolvesAgain: Bool) -> UnsafeMutableRawPointer? {
        guard let easy = unsafe curl_easy_init() else { return nil }
        unsafe self.easy = easy
        for header in request.headers {
            // curl_slist_append keeps the old list when it fails; nil then only means: not this header.
            guard let longer = unsafe curl_slist_append(list, "\(header.name): \(header.value)") else { return nil }
            unsafe list = longer
        }
        // Above 1 MiB libcurl would wait for a 100 Continue that some stores (R2) never send.
        if request.method == .post {
            guard let longer = unsafe curl_slist_append(list, "Expect:") else { return nil }
            unsafe list = longer
        }
        timers.start(at: .now)
        return unsafe configure(easy, options, resolvesAgain) ? easy : nil
    }

    private func configure(
        _ easy: UnsafeMutableRawPointer,
        _ options: TransportOptions,
        _ resolvesAgain: Bool
    ) -> Bool {
        var code = unsafe cellar_easy_set_text(easy, CURLOPT_URL, request.url)
        func set(_ option: CURLoption, _ value: Int) {
            if code == CURLE_OK { code = unsafe cellar_easy_set_long(easy, option, value) }
        }
        func set(_ option: CURLoption, _ value: String?) {
            if code == CURLE_OK { code = unsafe cellar_easy_set_text(easy, option, value) }
        }
        switch request.method {
        case .get: break
        case .head: set(CURLOPT_NOBODY, 1)
        case .post: if code == CURLE_OK { code = unsafe cellar_easy_set_body(easy, request.body, request.body.count) }
        case .put, .delete: set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
        // HTTP/2 in 7.88 can report a stream that was reset as complete, and no S3 store needs it.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // A path with dots must arrive as it was signed.
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // A redirect would carry the session token to whatever host the answer names.
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = options.caFile {
            set(CURLOPT_CAINFO, file)
            set(CURLOPT_CAPATH, nil)
        }
        if !options.usesProxy {
            set(CURLOPT_NOPROXY, "*")
        }
        // The head of a proxy's answer to CONNECT would be taken for the server's.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_BUFFERSIZE, 256 * 1024)
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, options.connect.milliseconds))
        if resolvesAgain {
            set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
        }
        // Servers and load balancers close idle connections after a minute or so.
        set(CURLOPT_MAXAGE_CONN, 60)
        // An hour, so that a certificate that was replaced is seen.
        set(CURLOPT_MAXLIFETIME_CONN, 3600)
        guard code == CURLE_OK, unsafe cellar_easy_set_headers(easy, list) == CURLE_OK else { return false }
        guard unsafe cellar_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, message) == CURLE_OK else { return false }
        // Not retained: the loop holds the transfer as long as the handle is in the multi.
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        return unsafe cellar_easy_set_receivers(easy, receiveBody, receiveHeader, owner) == CURLE_OK
    }

    /// Takes a header line, and says whether to go on.
    fileprivate func take(header line: UnsafeRawBufferPointer) -> Bool {
        timers.received(line.count)
        do {
            try head.take(unsafe Array(line))
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Takes a piece of the body, and says whether to go on.
    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        timers.received(bytes.count)
        let isSuccess = (200..<300).contains(head.status)
        let limit = isSuccess ? request.bodyLimit : Self.errorBodyLimit
        guard bytes.count <= limit - body.count, !isSuccess || head.contentLength ?? 0 <= Int64(limit) else {
            if isSuccess {
                failure = TransportFailure(.bodyTooLarge, "the answer is longer than \(limit) bytes")
            } else {
                isBodyCut = true
            }
            return false
        }
        if body.isEmpty, let length = head.contentLength {
            body.reserveCapacity(Int(min(length, Int64(limit))))
        }
        unsafe body.append(contentsOf: bytes)
        return true
    }

    /// The failure of a timer that has run out, nil while there is time.
    func overdue(at now: ContinuousClock.Instant) -> TransportFailure? {
        if timers.isConnecting, let easy = unsafe easy {
            var microseconds: curl_off_t = 0
            let code = unsafe cellar_easy_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
            if code == CURLE_OK, microseconds > 0 { timers.connected(at: now) }
        }
        return timers.overdue(at: now)
    }

    /// Answers whoever waits: with a failure, or with what libcurl made of it.
    func finish(_ code: CURLcode) {
        continuation.resume(returning: outcome(code))
    }

    /// Answers whoever waits with this failure.
    func fail(_ failure: TransportFailure) {
        continuation.resume(returning: .failure(failure))
    }

    private func outcome(_ code: CURLcode) -> Outcome {
        if let failure { return .failure(failure) }
        let response = HTTPResponse(
            status: head.status,
            headers: head.fields,
            body: body,
            isEndAnnounced: head.announcesEnd
        )
        if isBodyCut { return .success(response) }
        guard code == CURLE_OK else { return .failure(describe(code)) }
        guard head.isComplete else {
            return .failure(TransportFailure(.reset, "the connection ended within the header of the answer"))
        }
        let hasBody = request.method != .head && head.status != 204 && head.status != 304
        guard !hasBody || head.isWhole(body.count) else {
            return .failure(TransportFailure(.shortBody, "the answer is shorter than it announced"))
        }
        return .success(response)
    }

    private func describe(_ code: CURLcode) -> TransportFailure {
        var (verification, proxyStatus) = (0, 0)
        if let easy = unsafe easy {
            unsafe cellar_easy_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verification)
            unsafe cellar_easy_get_long(easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus)
        }
        let text = unsafe String(cString: message)
        guard proxyStatus < 300 else { return TransportFailure(.proxy(proxyStatus), text) }
        return TransportFailure(
            code: code,
            verification: verification,
            detail: text.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : text
        )
    }
}

/// Whether somebody asked for the end of a transfer; it may be asked before the transfer begins.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isRequested: Bool { flag.load(ordering: .acquiring) }

    func request() { flag.store(true, ordering: .releasing) }
}

private func receiveBody(
    bytes: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    owner: UnsafeMutableRawPointer?
) -> Int {
    guard let owner = unsafe owner else { return 0 }
    let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(owner).takeUnretainedValue()
    // Safe: libcurl lends `size * count` bytes for the duration of the call.
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    // One byte less than given is how libcurl is told to stop.
    return unsafe transfer.take(body: buffer) ? size * count : size * count - 1
}

private func receiveHeader(
    bytes: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    owner: UnsafeMutableRawPointer?
) -> Int {
    guard let owner = unsafe owner else { return 0 }
    let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(owner).takeUnretainedValue()
    // Safe: libcurl lends `size * count` bytes for the duration of the call.
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer.take(header: buffer) ? size * count : size * count - 1
}
