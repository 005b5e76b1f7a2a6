/// The texts in a JSON object: what metadata services answer.
///
/// Whatever is no text is checked and left out.
struct JSONMembers: Sendable {
    private var texts: [String: String] = [:]

    /// The text of a member, nil where it is missing, empty, or no text.
    subscript(_ name: String) -> String? {
        texts[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads a whole document, nil where it is not one object, or names a member twice.
    init?(_ document: [UInt8]) {
        var scanner = JSONScanner(document.span)
        guard let texts = scanner.object(depth: 0), scanner.isAtEnd else { return nil }
        self.texts = texts
    }
}

/// Reads JSON from left to right.
private struct JSONScanner: ~Escapable {
    // 16: such an answer has one level.
    private static let depthLimit = 16

    private let bytes: Span<UInt8>
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool {
        @_lifetime(self: copy self)
        mutating get {
            skipBlanks()
            return offset == bytes.count
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipBlanks() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    @_lifetime(self: copy self)
    private mutating func take(_ wanted: UInt8) -> Bool {
        skipBlanks()
        guard offset < bytes.count, bytes[offset] == wanted else { return false }
        offset += 1
        return true
    }

    @_lifetime(self: copy self)
    mutating func object(depth: Int) -> [String: String]? {
        guard depth < Self.depthLimit, take(UInt8(ascii: "{")) else { return nil }
        var texts: [String: String] = [:]
        var names: Set<String> = []
        if take(UInt8(ascii: "}")) { return texts }
        repeat {
            guard let name = text(), names.insert(name).inserted, take(UInt8(ascii: ":")) else { return nil }
            if let text = text() {
                texts[name] = text
            } else if !value(depth: depth + 1) {
                return nil
            }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? texts : nil
    }

    /// Whether a value stands here; it is passed over.
    @_lifetime(self: copy self)
    private mutating func value(depth: Int) -> Bool {
        guard depth < Self.depthLimit else { return false }
        skipBlanks()
        guard offset < bytes.count else { return false }
        switch bytes[offset] {
        case UInt8(ascii: "\""): return text() != nil
        case UInt8(ascii: "{"): return object(depth: depth) != nil
        case UInt8(ascii: "["):
            offset += 1
            if take(UInt8(ascii: "]")) { return true }
            repeat {
                guard value(depth: depth + 1) else { return false }
            } while take(UInt8(ascii: ","))
            return take(UInt8(ascii: "]"))
        default:
            let start = offset
            while offset < bytes.count, isPartOfWord(bytes[offset]) { offset += 1 }
            return offset > start
        }
    }

    /// A number, true, false or null; which of them is of no interest.
    private func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    @_lifetime(self: copy self)
    private mutating func text() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var units: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
            case 0..<0x20: return nil
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                units += UTF8.encode(scalar).map(Array.init) ?? []
            default: units.append(byte)
            }
        }
        return nil
    }

    @_lifetime(self: copy self)
    private mutating func escape() -> Unicode.Scalar? {
        guard offset < bytes.count else { return nil }
        offset += 1
        switch bytes[offset - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let unit = hexadecimalUnit() else { return nil }
            guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
            // The first half of a pair.
            guard bytes.count - offset >= 6, bytes[offset] == 0x5C, bytes[offset + 1] == UInt8(ascii: "u") else {
                return nil
            }
            offset += 2
            guard let low = hexadecimalUnit(), (0xDC00..<0xE000).contains(low) else { return nil }
            return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        default: return nil
        }
    }

    @_lifetime(self: copy self)
    private mutating func hexadecimalUnit() -> UInt32? {
        guard bytes.count - offset >= 4 else { return nil }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}
