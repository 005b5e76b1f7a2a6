/// Untrusted bytes as text that a terminal shows and does not obey.
///
/// Valid UTF-8 stays, except control characters (C0, DEL, C1), separators, bidirectional controls and
/// invisible characters, which become `\u{…}`. Bytes that are not UTF-8 become `\x..`.
public func printable(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    var text = ""
    text.reserveCapacity(bytes.count)
    var iterator = bytes.makeIterator()
    var parser = UTF8.ForwardParser()
    var offset = 0
    while true {
        switch parser.parseScalar(from: &iterator) {
        case .valid(let encoded):
            let scalar = UTF8.decode(encoded)
            offset += encoded.count
            text += scalar.isPrintable ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        case .error(let length):
            for byte in bytes[offset..<min(offset + length, bytes.count)] {
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
            }
            offset += length
        case .emptyInput:
            return text
        }
    }
}

/// Untrusted text as text that a terminal shows and does not obey, see ``printable(_:)-(Sequence<UInt8>)``.
public func printable(_ text: String) -> String {
    printable(text.utf8)
}

extension Unicode.Scalar {
    /// Whether a terminal may be given the scalar as it is.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
