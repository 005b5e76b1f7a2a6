internal import CCellarOpenSSL
internal import ObjectStorage

/// SHA-256 and its HMAC, as OpenSSL computes them.
enum SHA256 {
    /// The digest of no bytes, in hexadecimal: the payload hash of every request without a body.
    static let hexOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The digest of `bytes`, in lower-case hexadecimal.
    static func hex(_ bytes: [UInt8]) throws(ObjectStoreError) -> String {
        guard let digest = digest(bytes) else { throw refused }
        return hexadecimal(digest)
    }

    /// The digest of `bytes`, nil where OpenSSL may not compute it.
    static func digest(_ bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        guard unsafe cellar_sha256(bytes, bytes.count, &digest) == 1 else { return nil }
        return digest
    }

    /// The HMAC of `message` under `key`.
    static func hmac(_ message: String, key: SecretKey) throws(ObjectStoreError) -> SecretKey {
        var worked: Int32 = 0
        let message = Array(message.utf8)
        let code = unsafe SecretKey(count: 32) { target in
            worked = unsafe key.withBytes { key in
                unsafe cellar_hmac_sha256(key.baseAddress, key.count, message, message.count, target.baseAddress)
            }
        }
        guard worked == 1 else { throw refused }
        return code
    }

    private static var refused: ObjectStoreError {
        ObjectStoreError(.unsupported, "OpenSSL refused to compute SHA-256")
    }
}

/// Lower-case hexadecimal digits, two for each byte.
func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        digits.append(hexDigit(byte >> 4, ten: UInt8(ascii: "a")))
        digits.append(hexDigit(byte & 15, ten: UInt8(ascii: "a")))
    }
    return String(decoding: digits, as: UTF8.self)
}

/// The digit of a value below 16; `ten` says in which case.
func hexDigit(_ value: UInt8, ten: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : ten + (value - 10)
}
