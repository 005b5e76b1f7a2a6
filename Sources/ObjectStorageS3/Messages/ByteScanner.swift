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
        // Safe: the guard above, and the text is as long as it says.
        let wanted = unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: count)
        guard isEqual(unsafe wanted.bytes, at: offset) else { return false }
        offset += count
        return true
    }

    /// Whether these bytes stand at an offset, behind which there are as many: eight at a time.
    @inline(__always)
    private func isEqual(_ wanted: RawSpan, at offset: Int) -> Bool {
        let bytes = unsafe bytes.bytes
        let count = wanted.byteCount
        guard count >= 8 else {
            for index in 0..<count {
                guard bytes.byte(offset + index) == wanted.byte(index) else { return false }
            }
            return true
        }
        var index = 0
        while index <= count - 8 {
            guard bytes.word(offset + index) == wanted.word(index) else { return false }
            index += 8
        }
        // The last eight once more, as far as they were not looked at.
        return bytes.word(offset + count - 8) == wanted.word(count - 8)
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
        text(endingAt: UInt8(ascii: "<"))
    }

    /// Goes over plain text up to a byte; nil where another that is not plain comes before it.
    @_lifetime(self: copy self)
    @inline(__always)
    mutating func text(endingAt end: UInt8) -> Range<Int>? {
        let start = offset
        var index = start
        var special: UInt64 = 0
        while bytes.count - index >= 8 {
            special = Self.special(in: unsafe bytes.bytes.word(index), and: end)
            if special != 0 { break }
            index += 8
        }
        if special != 0 {
            index += UInt64(littleEndian: special).trailingZeroBitCount / 8
        } else {
            while index < bytes.count, Self.isPlain(bytes[index]), bytes[index] != end { index += 1 }
        }
        guard index < bytes.count, bytes[index] == end, index - start <= Self.textLimit else { return nil }
        offset = index
        return start..<index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != 0x3C && byte != 0x3E && byte != 0x26
    }

    /// Marks bytes that are not plain, or are a certain one, in their highest bits: the first of them, and perhaps
    /// some behind it.
    @inline(__always)
    private static func special(in word: UInt64, and end: UInt8) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // A byte is zero where taking one from it borrows; the borrow can reach the bytes behind it only.
        func isZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
        let control = (word &- ones &* 0x20) & ~word
        // `<` and `>` differ in one bit; adding one sets the highest bit of 0x7F.
        let marks =
            control | isZero((word | ones &* 0x02) ^ ones &* 0x3E) | isZero(word ^ ones &* 0x26)
            | isZero(word ^ ones &* UInt64(end)) | (word &+ ones) | word
        return marks & (ones &* 0x80)
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
        guard isEqual(unsafe bytes.extracting(range).bytes, at: offset) else { return false }
        offset += range.count
        return true
    }
}

extension RawSpan {
    /// The byte at an offset, which lies within the span.
    @inline(__always)
    fileprivate func byte(_ offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < byteCount)
        return unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// The eight bytes from an offset on, all of which lie within the span.
    @inline(__always)
    fileprivate func word(_ offset: Int) -> UInt64 {
        assert(offset >= 0 && offset <= byteCount - 8)
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    }
}
