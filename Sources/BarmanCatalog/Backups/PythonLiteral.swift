/// A value written as Python's `repr` writes it, which Barman uses for lists, dictionaries and texts.
indirect enum PythonLiteral: Hashable {
    case none
    case bool(Bool)
    case number(String)
    case text(String)
    case sequence([PythonLiteral])
    case dictionary([PythonLiteral: PythonLiteral])

    /// The value of a literal, nil where Python's `ast.literal_eval` would refuse it.
    init?(parsing text: String) {
        var parser = PythonLiteralParser(Array(text.utf8))
        guard let value = parser.value(depth: 0), parser.isAtEnd() else { return nil }
        self = value
    }
}

/// Reads one literal from left to right.
private struct PythonLiteralParser {
    private let bytes: [UInt8]
    private var position = 0

    // 32: Barman nests three levels; a hostile file shall not overflow the stack.
    private static let deepest = 32

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func isAtEnd() -> Bool {
        skipBlanks()
        return position == bytes.count
    }

    mutating func value(depth: Int) -> PythonLiteral? {
        guard depth < Self.deepest else { return nil }
        skipBlanks()
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "["): return sequence(until: "]", depth: depth)
        case UInt8(ascii: "("): return sequence(until: ")", depth: depth)
        case UInt8(ascii: "{"): return dictionary(depth: depth)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return text()
        default: return word()
        }
    }

    private mutating func sequence(until end: Unicode.Scalar, depth: Int) -> PythonLiteral? {
        position += 1
        var items: [PythonLiteral] = []
        while !take(end) {
            guard let item = value(depth: depth + 1) else { return nil }
            items.append(item)
            guard take(",") else { return take(end) ? .sequence(items) : nil }
        }
        return .sequence(items)
    }

    private mutating func dictionary(depth: Int) -> PythonLiteral? {
        position += 1
        var items: [PythonLiteral: PythonLiteral] = [:]
        while !take("}") {
            guard let key = value(depth: depth + 1), take(":"), let item = value(depth: depth + 1) else { return nil }
            items[key] = item
            guard take(",") else { return take("}") ? .dictionary(items) : nil }
        }
        return .dictionary(items)
    }

    private mutating func text() -> PythonLiteral? {
        let quote = bytes[position]
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == quote { return .text(String(decoding: content, as: UTF8.self)) }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = escape() else { return nil }
                content += escaped
            } else {
                content.append(byte)
            }
        }
        return nil
    }

    /// The bytes of what stands behind a backslash.
    private mutating func escape() -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "x"): return scalar(digits: 2)
        case UInt8(ascii: "u"): return scalar(digits: 4)
        case UInt8(ascii: "U"): return scalar(digits: 8)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return [letter]
        default: return [UInt8(ascii: "\\"), letter]
        }
    }

    private mutating func scalar(digits: Int) -> [UInt8]? {
        guard position + digits <= bytes.count else { return nil }
        let text = String(decoding: bytes[position..<position + digits], as: UTF8.self)
        position += digits
        guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func word() -> PythonLiteral? {
        let start = position
        while position < bytes.count, !Self.wordEnds.contains(bytes[position]) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "None": return PythonLiteral.none
        case "True": return .bool(true)
        case "False": return .bool(false)
        default: return Self.isNumber(word) ? .number(word) : nil
        }
    }

    /// Whether Python reads the word as a number: no `nan`, no `inf`, no zeros before a whole number.
    private static func isNumber(_ word: String) -> Bool {
        let digits = word.drop { $0 == "-" || $0 == "+" }
        guard let first = digits.utf8.first, first == UInt8(ascii: ".") || (0x30...0x39).contains(first),
            Double(word) != nil
        else { return false }
        let isWhole = digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return !(isWhole && digits.count > 1 && first == UInt8(ascii: "0"))
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.blanks.contains(bytes[position]) { position += 1 }
    }

    private static let blanks = Array(" \t\r\n".utf8)
    private static let wordEnds = Array(",:)]} \t\r\n".utf8)
}
