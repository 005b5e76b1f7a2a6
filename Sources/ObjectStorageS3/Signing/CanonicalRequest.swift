/// A header to send, its name as one likes to write it.
struct Header: Hashable, Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One parameter of a query; a parameter without a value is signed with an empty one.
struct QueryItem: Hashable, Sendable {
    var name: [UInt8]
    var value: [UInt8]?

    init(_ name: String, _ value: [UInt8]?) {
        self.name = Array(name.utf8)
        self.value = value
    }

    init(_ name: String, _ value: String) {
        self.init(name, Array(value.utf8))
    }
}

/// The text that a signature covers.
///
/// S3 differs from AWS's other services: a path is encoded once and never normalised, so `a/../b` stays.
struct CanonicalRequest: Sendable {
    /// The path as it goes on the wire.
    let uri: String
    /// The query as it goes on the wire: encoded, then sorted.
    let query: String
    /// The names of the signed headers.
    let signedHeaders: String
    /// The whole text.
    let text: String

    /// The text for a request.
    ///
    /// - Parameters:
    ///   - path: the path without any encoding.
    ///   - headers: all headers to sign; those of one name are joined in their order.
    ///   - payloadHash: SHA-256 of the body in hexadecimal, or `UNSIGNED-PAYLOAD`.
    init(method: String, path: [UInt8], query items: [QueryItem], headers: [Header], payloadHash: String) {
        uri = path.isEmpty ? "/" : URIEncoding.encode(path, in: .path)
        query = Self.query(items)
        var folded: [(name: String, value: String)] = []
        for header in headers {
            let (name, value) = (lowercased(header.name), Self.folded(header.value))
            if let index = folded.firstIndex(where: { $0.name == name }) {
                folded[index].value += "," + value
            } else {
                folded.append((name, value))
            }
        }
        folded.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        signedHeaders = folded.map(\.name).joined(separator: ";")
        let lines = folded.map { "\($0.name):\($0.value)\n" }.joined()
        text = "\(method)\n\(uri)\n\(query)\n\(lines)\n\(signedHeaders)\n\(payloadHash)"
    }

    /// The parameters encoded and in the order of their encoded names, then values.
    static func query(_ items: [QueryItem]) -> String {
        items
            .map { (URIEncoding.encode($0.name, in: .query), URIEncoding.encode($0.value ?? [], in: .query)) }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// The value without white space around it, and with one blank for each run of it within.
    private static func folded(_ value: String) -> String {
        let words = value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
    }
}

/// Lower case for ASCII letters only, as header and host names want it.
func lowercased(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
