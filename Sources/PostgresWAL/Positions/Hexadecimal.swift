extension UInt32 {
    /// The number that one to eight hexadecimal digits of either case stand for.
    init?(hexadecimal digits: some Collection<UInt8>) {
        guard (1...8).contains(digits.count) else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            guard let nibble = UInt32(hexadecimalDigit: digit) else { return nil }
            value = value << 4 | nibble
        }
        self = value
    }

    /// The value of one hexadecimal digit of either case.
    @inline(__always)
    init?(hexadecimalDigit digit: UInt8) {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = UInt32(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self = UInt32(digit - UInt8(ascii: "A") + 10)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self = UInt32(digit - UInt8(ascii: "a") + 10)
        default: return nil
        }
    }

    /// Eight upper-case hexadecimal digits.
    var eightHexadecimalDigits: String {
        let digits = String(self, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
