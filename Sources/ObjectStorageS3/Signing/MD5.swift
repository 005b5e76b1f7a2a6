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
        var digest = [UInt8](repeating: 0, count: 16)
        guard unsafe cellar_md5(bytes, bytes.count, &digest) == 1 else { return nil }
        return ObjectStorageS3.base64(digest)
    }
}

/// SHA-1, which some stores send as a checksum.
enum SHA1 {
    /// The digest of `bytes`, nil where OpenSSL may not compute it.
    static func digest(_ bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 20)
        guard unsafe cellar_sha1(bytes, bytes.count, &digest) == 1 else { return nil }
        return digest
    }
}

/// Bytes of a digest in base 64.
func base64(_ digest: [UInt8]) -> String {
    // Four characters for three bytes, and a zero.
    var text = [UInt8](repeating: 0, count: (digest.count + 2) / 3 * 4 + 1)
    let count = unsafe EVP_EncodeBlock(&text, digest, Int32(digest.count))
    return String(decoding: text.prefix(Int(count)), as: UTF8.self)
}
