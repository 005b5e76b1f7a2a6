internal import ObjectStorage

/// The body of a DeleteObjects request, and which keys it can carry.
enum DeleteRequest {
    /// The document that asks to delete these keys, and to hear of each.
    ///
    /// In one line: Garage takes white space between elements for an element that it does not know.
    static func document(_ keys: [ObjectKey]) -> [UInt8] {
        var document = Array("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">".utf8)
        for key in keys {
            document += "<Object><Key>".utf8
            for byte in key.bytes {
                switch byte {
                case UInt8(ascii: "&"): document += "&amp;".utf8
                case UInt8(ascii: "<"): document += "&lt;".utf8
                // Not everywhere needed, but never may "]]>" stand in text.
                case UInt8(ascii: ">"): document += "&gt;".utf8
                case UInt8(ascii: "\t"): document += "&#x9;".utf8
                case UInt8(ascii: "\n"): document += "&#xA;".utf8
                default: document.append(byte)
                }
            }
            document += "</Key></Object>".utf8
        }
        return document + "<Quiet>false</Quiet></Delete>".utf8
    }

    /// Whether a key arrives as it is when it travels in XML, there and back.
    ///
    /// XML 1.0 has no place for most control characters and for what is not Unicode. It reads a carriage return as
    /// a line feed where a server does not escape it. Some servers drop white space at either end of a text.
    static func canCarry(_ key: ObjectKey) -> Bool {
        guard let scalars = key.utf8Text?.unicodeScalars, let first = scalars.first, let last = scalars.last,
            !first.properties.isWhitespace, !last.properties.isWhitespace
        else { return false }
        return scalars.allSatisfy { scalar in
            (scalar.value >= 0x20 || scalar == "\t" || scalar == "\n") && scalar.value & 0xFFFE != 0xFFFE
        }
    }
}
