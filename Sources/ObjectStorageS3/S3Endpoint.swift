internal import ObjectStorage

/// The address of a store: makes the URL of a request, and knows what the host name says of the region.
struct S3Endpoint: Sendable {
    let isSecure: Bool
    /// Lower case, IPv6 in brackets; with the port where it is not the scheme's own.
    private let authority: String
    let host: String
    private let usesVirtualHost: Bool
    /// Whether AWS itself answers there, whose host names contain the region.
    let isAWS: Bool
    private let bucket: String

    /// Checks what a user wrote.
    init(_ configuration: S3Configuration, region: String) throws(ObjectStoreError) {
        bucket = configuration.bucket
        guard Self.isBucketName(bucket) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "\"\(printable(bucket))\" is not the name of a bucket",
                hint: "a bucket has 3 to 255 letters, digits, dots, hyphens and underscores: s3://bucket/prefix"
            )
        }
        guard let text = configuration.endpoint else {
            isAWS = true
            isSecure = true
            let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            host = "s3.\(region).\(suffix)"
            authority = host
            usesVirtualHost = configuration.addressing != .path && Self.isHostLabel(bucket)
            return
        }
        let url = try Self.parse(text, bucket: bucket)
        isSecure = url.isSecure
        host = url.host
        authority = url.host + (url.port.map { ":\($0)" } ?? "")
        isAWS = host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn")
        usesVirtualHost = configuration.addressing == .virtual
        guard !usesVirtualHost || Self.isHostLabel(bucket) else {
            throw ObjectStoreError(
                .invalidConfiguration,
                "bucket \(printable(bucket)) cannot be part of a host name",
                hint: "use --addressing path"
            )
        }
    }

    /// `https://host:port`, for messages.
    var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// What the `host` header says.
    var hostHeader: String { usesVirtualHost ? "\(bucket).\(authority)" : authority }

    /// The name that is looked up for it.
    var hostName: String { usesVirtualHost ? "\(bucket).\(host)" : host }

    /// The path of the bucket or of an object in it, without any encoding.
    func path(of key: ObjectKey?) -> [UInt8] {
        var path: [UInt8] = usesVirtualHost ? [] : [0x2F] + bucket.utf8
        if let key { path += [0x2F] + key.bytes }
        return path.isEmpty ? [0x2F] : path
    }

    /// The URL of what was signed.
    func url(of request: CanonicalRequest) -> String {
        let query = request.query.isEmpty ? "" : "?\(request.query)"
        return "\(isSecure ? "https" : "http")://\(hostHeader)\(request.uri)\(query)"
    }

    /// The region to sign for where the user names none.
    static func region(of configuration: S3Configuration) -> String {
        if let region = configuration.region, !region.isEmpty { return region }
        return region(ofEndpoint: configuration.endpoint)
    }

    /// The region that an address speaks of, and else AWS's first one.
    static func region(ofEndpoint endpoint: String?) -> String {
        let host = endpoint.flatMap { try? parse($0, bucket: "") }?.host ?? ""
        if host.hasSuffix(".r2.cloudflarestorage.com") { return "auto" }
        let labels = host.split(separator: ".").map(String.init)
        if host.hasSuffix(".backblazeb2.com"), labels.count == 4, labels[0] == "s3" { return labels[1] }
        if host.hasSuffix(".amazonaws.com") {
            if labels.count == 4, labels[0] == "s3" { return labels[1] }
            if labels[0].hasPrefix("s3-") { return String(labels[0].dropFirst(3)) }
        }
        return "us-east-1"
    }

    /// Whether a server may name this as a region; it becomes part of a host name.
    static func isRegionName(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// Whether a user may name this as a region: Garage takes any word.
    static func isUserRegion(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
    }

    private static func isBucketName(_ text: String) -> Bool {
        // 255: what AWS allowed before 2018, and some stores still do.
        (1...255).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
    }

    /// Whether the bucket is one label of a host name; with dots in it a wildcard certificate would not fit.
    private static func isHostLabel(_ text: String) -> Bool {
        isRegionName(text) && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    static func parse(
        _ text: String,
        bucket: String
    ) throws(ObjectStoreError) -> (isSecure: Bool, host: String, port: Int?) {
        func refuse(_ why: String, _ hint: String = "write it as https://host or http://host:port") -> ObjectStoreError
        {
            ObjectStoreError(.invalidConfiguration, "endpoint \(printed(text)) \(why)", hint: hint)
        }
        let isSecure = lowercased(text).hasPrefix("https://")
        guard isSecure || lowercased(text).hasPrefix("http://") else {
            throw refuse("does not begin with https:// or http://")
        }
        var rest = Array(text.utf8.dropFirst(isSecure ? 8 : 7))
        while rest.last == 0x2F { rest.removeLast() }
        guard !rest.contains(0x40) else {
            throw refuse("contains a user name", "give credentials by environment or --credentials-dir, never in a URL")
        }
        guard !rest.contains(where: { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 || $0 == 0x5C }) else {
            throw refuse(
                "has a path or a query",
                "name the bucket in the location, s3://bucket/prefix, not in --endpoint-url"
            )
        }
        let close = rest.firstIndex(of: 0x5D)
        let colon = rest[(close ?? 0)...].lastIndex(of: 0x3A)
        let host = lowercased(String(decoding: rest[..<(colon ?? rest.count)], as: UTF8.self))
        var port: Int?
        if let colon {
            guard let number = decimal(rest[(colon + 1)...]), (1...65535).contains(number) else {
                throw refuse("has no valid port")
            }
            port = Int(number) == (isSecure ? 443 : 80) ? nil : Int(number)
        }
        let isName = host.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
        let isAddress =
            host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.count > 3
            && host.utf8.dropFirst().dropLast().allSatisfy { isAlphanumeric($0) || $0 == 0x3A || $0 == 0x2E }
        guard !host.isEmpty, isName || isAddress else { throw refuse("has no valid host name") }
        // Link-local addresses answer with the machine's own credentials on cloud hosts.
        guard !host.hasPrefix("169.254."), !host.hasPrefix("[fe80:") else { throw refuse("is a link-local address") }
        return (isSecure, host, port)
    }

    /// An endpoint as it may be printed: without what stands before an `@`.
    static func printed(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return printable(text) }
        return "…" + printable(String(text[at...]))
    }
}
