/// Goes through a document from its beginning, over what is plain in it.
struct ByteScanner: ~Escapable {
    private let bytes: Span<UInt8>
    private var offset = 0

    // 16 KiB: of longer texts another parser may say what they are.
    private static let textLimit = 16384

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// The bytes at a range that a function below has answered.
    @_lifetime(copy self)
    func content(_ range: Range<Int>) -> Span<UInt8> { bytes.extracting(range) }

    /// Goes behind a text, if it stands here.
    @_lifetime(self: copy self)
    @inline(__always)
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - offset >= count else { return false }
        let wanted = unsafe text.utf8Start
        for index in 0..<count {
            // Safe: the guard above, and the text is as long as it says.
            guard unsafe bytes[unchecked: offset + index] == wanted[index] else { return false }
        }
        offset += count
        return true
    }

    /// Goes behind blanks, tabs and line ends.
    @_lifetime(self: copy self)
    @inline(__always)
    mutating func skipBlanks() {
        while offset < bytes.count, Self.isBlank(bytes[offset]) { offset += 1 }
    }

    @inline(__always)
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Goes over the text up to the next tag; nil where something stands in it that an XML parser has to look at.
    ///
    /// Printable ASCII but `&` and `>` is plain.
    @_lifetime(self: copy self)
    mutating func plainText() -> Range<Int>? {
        let start = offset
        var index = start
        var special: UInt64 = 0
        while bytes.count - index >= 8 {
            // Safe: eight bytes are left.
            special = Self.special(in: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            if special != 0 { break }
            index += 8
        }
        if special != 0 {
            index += UInt64(littleEndian: special).trailingZeroBitCount / 8
        } else {
            while index < bytes.count, Self.isPlain(bytes[index]) { index += 1 }
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "<"), index - start <= Self.textLimit else {
            return nil
        }
        offset = index
        return start..<index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != 0x3C && byte != 0x3E && byte != 0x26
    }

    /// Marks bytes that are not plain in their highest bits: the first of them, and perhaps some behind it.
    @inline(__always)
    private static func special(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // A byte is zero where taking one from it borrows; the borrow can reach the bytes behind it only.
        func isZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let control = (word &- ones &* 0x20) & ~word
        let marks =
            control | isZero(word ^ ones &* 0x3C) | isZero(word ^ ones &* 0x3E) | isZero(word ^ ones &* 0x26)
            | isZero(word ^ ones &* 0x7F) | word
        return marks & (ones &* 0x80)
    }

    /// Goes over letters, digits and hyphens: an entity tag.
    @_lifetime(self: copy self)
    mutating func hexadecimalText() -> Range<Int>? {
        let start = offset
        while offset < bytes.count, Self.isTagByte(bytes[offset]) { offset += 1 }
        return offset - start <= Self.textLimit ? start..<offset : nil
    }

    private static func isTagByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// Goes over an element that has nothing but plain text in it; nil where it is another one.
    @_lifetime(self: copy self)
    mutating func element() -> (name: Range<Int>, text: Range<Int>)? {
        guard take("<") else { return nil }
        let start = offset
        while offset < bytes.count, Self.isLetter(bytes[offset]) { offset += 1 }
        let name = start..<offset
        guard !name.isEmpty else { return nil }
        if take("/>") { return (name, offset..<offset) }
        guard take(">"), let text = plainText(), take("</"), takeAgain(name), take(">") else { return nil }
        return (name, text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Goes behind the same bytes once more.
    @_lifetime(self: copy self)
    private mutating func takeAgain(_ range: Range<Int>) -> Bool {
        guard bytes.count - offset >= range.count else { return false }
        for index in range where bytes[index] != bytes[offset + index - range.lowerBound] { return false }
        offset += range.count
        return true
    }
}
