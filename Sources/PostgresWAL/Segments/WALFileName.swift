/// What the name of a file in the WAL archive says, compression suffix taken off.
public struct WALFileName: Hashable, Sendable {
    /// The kinds of files that PostgreSQL archives.
    public enum Kind: Hashable, Sendable {
        /// A whole segment: 24 digits.
        case segment(WALSegmentName)
        /// The last, unfinished segment of a timeline that a promotion ended: `<24 digits>.partial`.
        case partial(WALSegmentName)
        /// A backup history file: `<24 digits>.<8 digits>.backup`.
        case backupHistory(WALSegmentName, offset: UInt32)
        /// A timeline history file: `<8 digits>.history`.
        case timelineHistory(TimelineID)
    }

    /// What kind of file it is, and which.
    public var kind: Kind

    /// Whether all digits are in upper case, which alone PostgreSQL takes for WAL (`IsXLogFileName`).
    public var isUpperCase: Bool

    /// The meaning of a name, nil where PostgreSQL archives no file of such a name.
    ///
    /// Lower-case digits are read too, as Barman reads them; see ``isUpperCase``.
    public init?(_ name: Span<UInt8>) {
        var digits = DigitReader()
        guard name.count >= 16, let first = digits.eight(of: name, at: 0) else { return nil }
        if name.count == 16, name.hasSuffix(".history", from: 8) {
            self.kind = .timelineHistory(TimelineID(rawValue: first))
            self.isUpperCase = digits.areUpperCase
            return
        }
        guard name.count >= 24, let log = digits.eight(of: name, at: 8), let segment = digits.eight(of: name, at: 16)
        else { return nil }
        let whole = WALSegmentName(timeline: TimelineID(rawValue: first), log: log, segment: segment)
        switch name.count {
        case 24:
            self.kind = .segment(whole)
        case 32 where name.hasSuffix(".partial", from: 24):
            self.kind = .partial(whole)
        case 40 where name[24] == UInt8(ascii: ".") && name.hasSuffix(".backup", from: 33):
            guard let offset = digits.eight(of: name, at: 25) else { return nil }
            self.kind = .backupHistory(whole, offset: offset)
        default:
            return nil
        }
        self.isUpperCase = digits.areUpperCase
    }

    /// The meaning of a name, nil where PostgreSQL archives no file of such a name.
    public init?(_ name: [UInt8]) {
        self.init(name.span)
    }
}

/// Reads groups of eight hexadecimal digits and remembers whether any was in lower case.
private struct DigitReader {
    var areUpperCase = true

    mutating func eight(of name: Span<UInt8>, at start: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in start..<start + 8 {
            guard let nibble = UInt32(hexadecimalDigit: name[index]) else { return nil }
            if name[index] >= UInt8(ascii: "a") { areUpperCase = false }
            value = value << 4 | nibble
        }
        return value
    }
}

extension Span<UInt8> {
    /// Whether exactly the bytes of `suffix` follow from `start` on.
    fileprivate func hasSuffix(_ suffix: StaticString, from start: Int) -> Bool {
        guard count - start == suffix.utf8CodeUnitCount else { return false }
        return suffix.withUTF8Buffer { bytes in
            for index in bytes.indices where unsafe bytes[index] != self[start + index] {
                return false
            }
            return true
        }
    }
}
