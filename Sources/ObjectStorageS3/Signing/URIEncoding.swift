/// Percent-encoding as S3 and its signature want it, and back.
enum URIEncoding {
    /// What stays as it is besides letters, digits and `-._~`.
    enum Place {
        /// In a path a slash separates.
        case path
        /// In a query it is data like any other.
        case query
    }

    /// The bytes with everything encoded that has to be, once, in upper-case hexadecimal.
    static func encode(_ bytes: some Collection<UInt8>, in place: Place) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes {
            if isUnreserved(byte) || place == .path && byte == UInt8(ascii: "/") {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(hexDigit(byte >> 4, ten: UInt8(ascii: "A")))
                encoded.append(hexDigit(byte & 15, ten: UInt8(ascii: "A")))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Decodes form data, in which a plus sign is a space, behind `target`.
    ///
    /// - Returns: whether every percent sign was followed by two digits; one that was not stays as it is.
    @discardableResult
    static func decodeForm(_ bytes: ArraySlice<UInt8>, into target: inout [UInt8]) -> Bool {
        var isClean = true
        var rest = bytes
        while let index = rest.firstIndex(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
            // Runs of plain bytes are copied whole: a page has some hundred thousand of them.
            target.append(contentsOf: rest[..<index])
            let escape = rest[index...].prefix(3)
            if rest[index] == UInt8(ascii: "+") {
                target.append(UInt8(ascii: " "))
                rest = rest[(index + 1)...]
            } else if escape.count == 3, let high = digit(escape[index + 1]), let low = digit(escape[index + 2]) {
                target.append(high << 4 | low)
                rest = rest[(index + 3)...]
            } else {
                target.append(UInt8(ascii: "%"))
                rest = rest[(index + 1)...]
                isClean = false
            }
        }
        target.append(contentsOf: rest)
        return isClean
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
