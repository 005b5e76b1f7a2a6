internal import CCellarOpenSSL

/// Secret bytes: they print as `redacted`, and are wiped when the last owner lets go.
///
/// It is neither `Codable` nor comparable, and a mirror of it is empty, so that no dump shows it.
@safe
public final class SecretKey: @unchecked Sendable {
    // Unchecked: the bytes are written once, before anybody else can see them.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// A secret of the UTF-8 bytes of `text`.
    public convenience init(_ text: String) {
        self.init(bytes: text.utf8)
    }

    /// A secret of these bytes.
    public convenience init(bytes: some Collection<UInt8>) {
        unsafe self.init(count: bytes.count) { target in
            _ = unsafe target.initialize(from: bytes)
        }
    }

    /// A secret of `count` bytes that `fill` writes in place, so that no copy stays behind.
    init(count: Int, fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        unsafe bytes = .allocate(capacity: count)
        unsafe bytes.initialize(repeating: 0)
        unsafe fill(bytes)
    }

    deinit {
        unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        unsafe bytes.deallocate()
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { unsafe bytes.isEmpty }

    /// The bytes, for as long as the closure runs.
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeBufferPointer(bytes))
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `redacted`.
    public var description: String { "redacted" }

    /// Always `redacted`.
    public var debugDescription: String { "redacted" }

    /// Always empty.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
