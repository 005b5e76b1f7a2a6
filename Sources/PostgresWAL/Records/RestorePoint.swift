/// A named place in the WAL.
///
/// The name lies in the value itself, as in the record, so that records are copied without counting references.
public struct RestorePoint: Sendable {
    /// When it was made, by the clock of the server; recovery to a time ignores it.
    public var time: TimestampTZ

    // MAXFNAMELEN: the longest name and the zero behind it; zeros up to the end.
    private var bytes: InlineArray<64, UInt8>

    /// The name, at most 63 bytes; names may occur more than once.
    ///
    /// Bytes that are not UTF-8, from a database in another encoding, are told with replacement characters.
    public var name: String {
        var name: [UInt8] = []
        for index in bytes.indices {
            if bytes[index] == 0 { break }
            name.append(bytes[index])
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// A restore point of this name, of which only the first 63 bytes count.
    public init(name: String, time: TimestampTZ) {
        self.time = time
        self.bytes = InlineArray(repeating: 0)
        for (index, byte) in name.utf8.prefix(63).enumerated() { bytes[index] = byte }
    }

    /// The contents of a record, nil where there are too few.
    init?(_ data: RawSpan) {
        guard data.byteCount >= 72 else { return nil }
        time = TimestampTZ(rawValue: Int64(bitPattern: data.uint64(at: 0)))
        bytes = InlineArray(repeating: 0)
        for index in 0..<63 {
            let byte = data.uint8(at: 8 + index)
            if byte == 0 { break }
            bytes[index] = byte
        }
    }
}

extension RestorePoint: Hashable {
    /// Whether the names are the same, byte for byte, and the times.
    public static func == (left: RestorePoint, right: RestorePoint) -> Bool {
        left.time == right.time && left.bytes.indices.allSatisfy { left.bytes[$0] == right.bytes[$0] }
    }

    /// Feeds time and name.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(time)
        for index in bytes.indices { hasher.combine(bytes[index]) }
    }
}
