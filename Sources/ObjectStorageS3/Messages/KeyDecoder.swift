internal import Glibc

/// Decodes the keys of a page that were encoded as in a form, one after the other.
///
/// Keys in order begin alike, and those of WAL have nothing encoded but the slashes at their front: what a key has up
/// to its last escape is decoded once, and copied for every key that begins the same and has no more escapes.
struct KeyDecoder {
    /// Whether every percent sign so far was followed by two digits.
    private(set) var isClean = true

    /// The front of a key up to behind its last escape, and what that means.
    private var front: [UInt8] = []
    private var meaning: [UInt8] = []

    /// Adds the meaning of a key to `target`.
    ///
    /// - Returns: false where a zero byte comes of it.
    mutating func decode(_ key: Span<UInt8>, into target: inout [UInt8]) -> Bool {
        unsafe key.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            if bytes.count >= front.count, unsafe memcmp(start, front, front.count) == 0 {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[front.count...])
                if unsafe !Self.hasEscape(rest) {
                    target.append(contentsOf: meaning)
                    unsafe target.append(contentsOf: rest)
                    return true
                }
            }
            return unsafe decodeWhole(bytes, into: &target)
        }
    }

    private static func hasEscape(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return false }
        return unsafe memchr(start, Int32(UInt8(ascii: "%")), bytes.count) != nil
            || memchr(start, Int32(UInt8(ascii: "+")), bytes.count) != nil
    }

    private mutating func decodeWhole(_ bytes: UnsafeRawBufferPointer, into target: inout [UInt8]) -> Bool {
        let key = unsafe Array(bytes)
        let first = target.count
        let isCleanKey = URIEncoding.decodeForm(key[...], into: &target)
        isClean = isClean && isCleanKey
        let decoded = target[first...]
        guard !decoded.contains(0) else { return false }
        // Where every percent sign is an escape, the bytes behind the last one stand for themselves.
        let last = key.lastIndex { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }
        let end = isCleanKey ? last.map { $0 + (key[$0] == UInt8(ascii: "+") ? 1 : 3) } ?? 0 : 0
        front = Array(key[..<end])
        meaning = end == 0 ? [] : Array(decoded.dropLast(key.count - end))
        return true
    }
}
