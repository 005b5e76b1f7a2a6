internal import Decompression

extension Span<UInt8> {
    /// The first position of `byte` from `start` on.
    @inline(__always)
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// Whether these are exactly the ASCII bytes of `text`.
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { bytes in
            for index in bytes.indices where unsafe bytes[index] != self[index] {
                return false
            }
            return true
        }
    }

    /// Whether both hold the same bytes.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        // Eight at a time: every key of a listing is compared with the prefix of its server.
        while count - index >= 8 {
            // Safe: both have eight bytes left.
            let words = unsafe (
                bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self),
                other.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            guard words.0 == words.1 else { return false }
            index += 8
        }
        while index < count {
            guard self[index] == other[index] else { return false }
            index += 1
        }
        return true
    }

    /// Whether these bytes begin with all of `prefix`.
    func begins(with prefix: Span<UInt8>) -> Bool {
        count >= prefix.count && extracting(0..<prefix.count).equals(prefix)
    }

    /// Whether these bytes come before others in byte order.
    func isBefore(_ other: Span<UInt8>) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }

    /// The number that one to ten decimal digits stand for.
    var decimal: Int? {
        guard (1...10).contains(count) else { return nil }
        var value = 0
        for index in indices {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[index]) else { return nil }
            value = value * 10 + Int(self[index] - UInt8(ascii: "0"))
        }
        return value
    }

    /// The bytes as an array of their own.
    var copy: [UInt8] {
        // An array of no room would be the one that all empty ones share, and whose count was written then.
        guard !isEmpty else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in indices { unsafe buffer.initializeElement(at: index, to: self[index]) }
            filled = count
        }
    }

    /// The name without the one suffix that Barman adds for a compression, and which compression that is.
    ///
    /// Read from the name alone, never from the content, as Barman reads it.
    @_lifetime(copy self)
    func withoutCompressionSuffix() -> (stem: Span<UInt8>, format: CompressionFormat) {
        let format = CompressionFormat(endOf: self)
        return (extracting(0..<count - format.fileExtension.utf8.count), format)
    }
}
