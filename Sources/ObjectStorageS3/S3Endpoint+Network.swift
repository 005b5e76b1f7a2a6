internal import ObjectStorage

/// Where a store is, as far as its address tells.
extension S3Endpoint {
    /// Whether the store is on this machine, where no proxy is asked.
    var isLoopback: Bool { host == "localhost" || host == "[::1]" || octets?[0] == 127 }

    /// Whether the store is on this machine or in a network of its own, so that what goes there in plain text does not
    /// cross the internet.
    ///
    /// By the addresses of RFC 1918, 4193 and 6598, and by names that no public resolver knows: one without a dot, and
    /// those in `.local`, `.localhost`, `.internal`, `.lan`, `.home.arpa` and Kubernetes' `.svc`.
    var isPrivate: Bool {
        if isLoopback { return true }
        if let octets {
            return switch (octets[0], octets[1]) {
            // 0.0.0.0 is this machine to most systems.
            case (0, 0), (10, _), (192, 168), (172, 16...31), (100, 64...127): true
            default: false
            }
        }
        if host.hasPrefix("[") {
            return host.hasPrefix("[fc") || host.hasPrefix("[fd")
        }
        return !host.contains(".") || Self.privateSuffixes.contains { host.hasSuffix($0) }
    }

    private static let privateSuffixes = [".local", ".localhost", ".internal", ".lan", ".home.arpa", ".svc"]

    /// The four numbers of an IPv4 address; a name such as `127.example.com` may be anywhere.
    private var octets: [Int64]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count <= 3 ? decimal($0.utf8) : nil }
        return parts.count == 4 && numbers.count == 4 && numbers.allSatisfy { $0 < 256 } ? numbers : nil
    }
}
