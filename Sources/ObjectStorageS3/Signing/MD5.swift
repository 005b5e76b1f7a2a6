internal import CCellarOpenSSL

/// MD5, which guards nothing any more, but which stores want of the body of a deletion
/// and make entity tags of.
enum MD5 {
    /// The digest of `bytes` in lower-case hexadecimal, as entity tags have it; nil where OpenSSL may not compute it.
    static func hex(_ bytes: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: 16)
        guard unsafe cellar_md5(bytes, bytes.count, &digest) == 1 else { return nil }
        return hexadecimal(digest)
    }

    /// The digest of `bytes` in base 64, as the Content-MD5 header has it; nil where OpenSSL may not compute it.
    static func base64(_ bytes: [UInt8]) -> String? {
        var text = [UInt8](repeating: 0, count: 25)
        guard unsafe cellar_md5_base64(bytes, bytes.count, &text) == 1 else { return nil }
        return String(decoding: text.dropLast(), as: UTF8.self)
    }
}
