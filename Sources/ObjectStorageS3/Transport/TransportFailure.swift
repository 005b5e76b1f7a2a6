/// Why no answer came, or none that HTTP allows.
struct TransportFailure: Error, Hashable, Sendable {
    /// The kinds of failure that a user would remedy differently.
    enum Kind: Hashable, Sendable {
        case cancelled
        /// There is no such host.
        case unknownHost
        /// Nobody could be asked, or nobody answered, whether there is such a host.
        case unresolvedHost
        /// A proxy answered the request for a tunnel with this status.
        case proxy(Int)
        case refused
        case connectTimeout
        case firstByteTimeout
        case stalled
        case totalTimeout
        case reset
        case shortBody
        case badFraming
        case notHTTP
        case headTooLarge
        case bodyTooLarge
        case tls(TLSProblem)
        case badURL
        case other
    }

    /// What is wrong with a certificate or a handshake.
    enum TLSProblem: Hashable, Sendable {
        case expired
        case notYetValid
        case unknownAuthority
        case wrongHost
        case notTLS
        case badCAFile
        case other
    }

    var kind: Kind

    /// What libcurl, or the check that failed, says of it.
    var detail: String

    init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }
}
