internal import ObjectStorage

/// The address of a service that gives credentials, as an operator wrote it.
struct ServiceAddress: Hashable, Sendable {
    let isSecure: Bool
    /// Lower case, IPv6 in brackets, without the port.
    let host: String
    /// The host, and the port where one is written.
    let authority: String
    /// The path and query, without a slash at the end where there is nothing else.
    let path: String

    /// An address that begins with http:// or https:// and holds no user name, blank or fragment.
    init?(_ text: String) {
        let isSecure = lowercased(text).hasPrefix("https://")
        guard isSecure || lowercased(text).hasPrefix("http://"),
            // A blank or a line end would begin another part of the request; "\" is a slash to some readers.
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x40 && $0 != 0x5C && $0 != 0x23 })
        else { return nil }
        let rest = text.utf8.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != 0x2F && $0 != 0x3F }
        let end = authority.firstIndex(of: 0x5D) ?? authority.startIndex
        let colon = authority[end...].firstIndex(of: 0x3A)
        let port = colon.map { authority[authority.index(after: $0)...] }
        if let port {
            guard let number = decimal(Array(port)), (1...65535).contains(number) else { return nil }
        }
        let host = lowercased(String(decoding: authority[..<(colon ?? authority.endIndex)], as: UTF8.self))
        guard !host.isEmpty, host != "[]" else { return nil }
        let path = String(decoding: rest[authority.endIndex...], as: UTF8.self)
        self.isSecure = isSecure
        self.host = host
        self.authority = host + (port.map { ":\(String(decoding: $0, as: UTF8.self))" } ?? "")
        self.path = path == "/" ? "" : path
    }

    /// The address with a path behind it.
    func url(_ tail: String = "") -> String { "\(isSecure ? "https" : "http")://\(authority)\(path)\(tail)" }

    /// The address for messages: a query may be a secret.
    var description: String {
        "\(isSecure ? "https" : "http")://\(authority)\(printable(String(path.prefix { $0 != "?" })))"
    }

    /// Whether only this machine can answer there.
    ///
    /// Nothing but four decimal numbers is taken for an address: a
    /// name such as `127.example.com` may be anywhere.
    var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { $0.utf8.count <= 3 && (decimal(Array($0.utf8)) ?? 256) < 256 }
    }
}
