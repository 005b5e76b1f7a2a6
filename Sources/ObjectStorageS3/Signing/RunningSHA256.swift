internal import CCellarOpenSSL
public import ObjectStorage

/// SHA-256 of bytes that come piece by piece.
@safe public final class RunningSHA256 {
    private let context: OpaquePointer
    private var isBroken = false

    /// A digest of nothing yet.
    public init() throws(ObjectStoreError) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw Self.refused }
        unsafe self.context = unsafe context
        guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { throw Self.refused }
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Takes the next bytes.
    public func add(_ bytes: [UInt8]) {
        if unsafe EVP_DigestUpdate(context, bytes, bytes.count) != 1 { isBroken = true }
    }

    /// The digest of all that came, in lower-case hexadecimal; nothing may come behind it.
    public func finish() throws(ObjectStoreError) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        guard !isBroken, unsafe EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw Self.refused }
        return hexadecimal(digest)
    }

    private static var refused: ObjectStoreError {
        ObjectStoreError(.unsupported, "OpenSSL refused to compute SHA-256")
    }
}
