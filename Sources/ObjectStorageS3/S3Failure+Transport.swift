internal import ObjectStorage

extension S3Failure {
    /// The error for an exchange that brought no answer.
    func explain(_ failure: TransportFailure) -> ObjectStoreError {
        let place = endpoint.description
        let detail = printable(failure.detail)
        switch failure.kind {
        case .cancelled:
            return ObjectStoreError(.cancelled, "the request to \(store) was cancelled")
        case .unknownHost, .unresolvedHost:
            return ObjectStoreError(
                .network,
                "cannot find the host of \(place): \(detail)",
                hint: "check the host name in --endpoint-url, and the name resolution of this machine",
                isRetryable: failure.kind == .unresolvedHost
            )
        case .proxy(let status):
            return ObjectStoreError(
                .network,
                "the proxy gives no connection to \(place): it answers \(status)",
                hint: status == 407
                    ? "the proxy wants credentials: check the https_proxy and no_proxy variables"
                    : "check the https_proxy and no_proxy variables",
                isRetryable: status >= 500
            )
        case .refused:
            return ObjectStoreError(
                .network,
                "cannot connect to \(place): \(detail)",
                hint: "check host and port in --endpoint-url, and that the store is running",
                isRetryable: true
            )
        case .connectTimeout:
            return ObjectStoreError(
                .network,
                "cannot connect to \(place) in time: \(detail)",
                hint: "check host and port in --endpoint-url, and the firewalls in between",
                isRetryable: true
            )
        case .firstByteTimeout, .stalled, .totalTimeout:
            return ObjectStoreError(
                .timedOut,
                "\(place) does not answer for \(store): \(detail)",
                hint: "the store is overloaded, or something else listens at --endpoint-url",
                isRetryable: true
            )
        case .reset:
            return ObjectStoreError(
                .network,
                "\(place) closed the connection: \(detail)",
                hint: endpoint.isSecure ? nil : Self.maybeTLS,
                isRetryable: true
            )
        case .shortBody:
            return ObjectStoreError(.badResponse, "the answer of \(place) was cut: \(detail)", isRetryable: true)
        case .notHTTP:
            var error = ObjectStoreError(
                .badResponse,
                "\(place) does not speak HTTP: \(detail)",
                hint: endpoint.isSecure ? "check host and port in --endpoint-url" : Self.maybeTLS,
                isRetryable: true
            )
            // An answer that was cut within its status line looks the same.
            error.mostAttempts = 2
            return error
        case .badFraming, .headTooLarge:
            return ObjectStoreError(
                .badResponse,
                "the answer of \(place) breaks HTTP: \(detail)",
                hint: "the store or a proxy before it is at fault"
            )
        case .bodyTooLarge:
            return ObjectStoreError(
                .tooLarge,
                "\(key.map { "object \($0)" } ?? "an answer") in \(store) is too large to read: \(detail)"
            )
        case .tls(let problem):
            return explain(problem, detail)
        case .badURL, .other:
            return ObjectStoreError(.network, "the request to \(place) cannot be made: \(detail)")
        }
    }

    private static let maybeTLS = "if the store expects TLS, write https:// in --endpoint-url"

    private func explain(_ problem: TransportFailure.TLSProblem, _ detail: String) -> ObjectStoreError {
        let place = endpoint.description
        switch problem {
        case .expired:
            return ObjectStoreError(
                .tls,
                "the certificate of \(place) has expired: \(detail)",
                hint: "renew it on the server, or set the clock of this machine"
            )
        case .notYetValid:
            return ObjectStoreError(
                .tls,
                "the certificate of \(place) is not valid yet: \(detail)",
                hint: "set the clock of this machine"
            )
        case .unknownAuthority:
            let own = caFile.map { "the certificate is not signed by those in \(printable($0)); " } ?? ""
            return ObjectStoreError(
                .tls,
                "the certificate of \(place) comes from an unknown authority: \(detail)",
                hint: "\(own)name the file with the authority's certificate with --ca-file"
            )
        case .wrongHost:
            return ObjectStoreError(
                .tls,
                "the certificate of \(place) is for another host: \(detail)",
                hint: "use a name in --endpoint-url that the certificate contains, or --addressing path"
            )
        case .notTLS:
            return ObjectStoreError(
                .tls,
                "\(place) does not speak TLS on this port: \(detail)",
                hint: "write http:// instead of https:// in --endpoint-url, or name the port for TLS"
            )
        case .badCAFile:
            return ObjectStoreError(
                .tls,
                "the certificates in \(printable(caFile ?? "the system's file")) cannot be used: \(detail)",
                hint: "name a file with certificates in PEM form with --ca-file"
            )
        case .other:
            return ObjectStoreError(
                .tls,
                "no TLS connection to \(place): \(detail)",
                hint: "TLS 1.2 is the oldest version that is accepted"
            )
        }
    }
}
