/// A position in the WAL stream, printed as PostgreSQL prints it: `16/B374D848`.
public struct LSN: Hashable, Sendable {
    /// The byte offset from the beginning of the stream.
    public var rawValue: UInt64

    /// The position at `rawValue` bytes from the beginning of the stream.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The position that `text` names, nil where it is not two hexadecimal numbers of at most eight digits.
    ///
    /// Both cases are taken, as PostgreSQL's `pg_lsn` takes them.
    public init?(_ text: some StringProtocol) {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, let high = UInt32(hexadecimal: halves[0]), let low = UInt32(hexadecimal: halves[1])
        else { return nil }
        self.rawValue = UInt64(high) << 32 | UInt64(low)
    }
}

extension LSN: Comparable {
    /// Whether `left` comes first in the stream.
    public static func < (left: LSN, right: LSN) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension LSN: CustomStringConvertible {
    /// The two halves in upper-case hexadecimal without padding, as `%X/%X` prints them.
    public var description: String {
        let high = String(rawValue >> 32, radix: 16, uppercase: true)
        let low = String(rawValue & 0xFFFF_FFFF, radix: 16, uppercase: true)
        return "\(high)/\(low)"
    }
}
