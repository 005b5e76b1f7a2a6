internal import CCellarXML2

/// Tells a document that was cut on the way, and may come whole next time, from one that was made wrong.
enum XMLDefect {
    /// Whether libxml2 stumbled over bytes that are no characters, or over an encoding that is not UTF-8.
    static func isOfCharacters(_ code: Int32) -> Bool {
        let codes = [
            XML_ERR_INVALID_CHAR, XML_ERR_INVALID_CHARREF, XML_ERR_UNKNOWN_ENCODING, XML_ERR_UNSUPPORTED_ENCODING,
            XML_ERR_INVALID_ENCODING,
        ]
        return codes.contains { $0.rawValue == UInt32(bitPattern: code) }
    }

    /// XML 1.0 has no way to write control characters, so the keys that hold some have to come encoded.
    static let unencoded =
        "keys were asked for in the URL encoding, which the store ignores; a bucket with such keys cannot be listed so"
}
