internal import CCellarCurl

extension TransportFailure {
    /// What a result of libcurl's means to a user.
    ///
    /// - Parameter verification: OpenSSL's verdict on the certificate, 0 where it had no complaint.
    init(code: CURLcode, verification: Int, detail: String) {
        let kind: Kind =
            switch code {
            // Or there is none: libcurl does not tell the two apart, see ``HostLookup``.
            case CURLE_COULDNT_RESOLVE_HOST: .unresolvedHost
            case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_PROXY: .refused
            case CURLE_OPERATION_TIMEDOUT: .connectTimeout
            case CURLE_PEER_FAILED_VERIFICATION: .tls(Self.problem(verification, detail))
            case CURLE_SSL_CACERT_BADFILE: .tls(.badCAFile)
            case CURLE_SSL_CONNECT_ERROR: Self.handshake(detail)
            case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR: .tls(.other)
            case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .reset
            case CURLE_PARTIAL_FILE: .shortBody
            case CURLE_UNSUPPORTED_PROTOCOL: .notHTTP
            case CURLE_WEIRD_SERVER_REPLY: .badFraming
            // So it says of a header line of more than 100 KiB.
            case CURLE_OUT_OF_MEMORY: .headTooLarge
            case CURLE_URL_MALFORMAT: .badURL
            default: .other
            }
        self.init(kind, detail)
    }

    private static func problem(_ verification: Int, _ detail: String) -> TLSProblem {
        // X509_V_ERR_… of OpenSSL's x509_vfy.h. libcurl compares host names itself, and has only words for it.
        switch verification {
        case 9: .notYetValid
        case 10: .expired
        case 2, 18, 19, 20, 21: .unknownAuthority
        case 62, 64: .wrongHost
        default: detail.contains("subject name") ? .wrongHost : .other
        }
    }

    /// libcurl has one code for a peer that does not speak TLS and for one that hangs up.
    private static func handshake(_ detail: String) -> Kind {
        if detail.contains("wrong version number") || detail.contains("packet length too long")
            || detail.contains("record layer failure") || detail.contains("http request")
        {
            return .tls(.notTLS)
        }
        let isReset =
            detail.contains("SSL_ERROR_SYSCALL") || detail.contains("reset by peer")
            || detail.contains("unexpected eof")
        return isReset ? .reset : .tls(.other)
    }
}
