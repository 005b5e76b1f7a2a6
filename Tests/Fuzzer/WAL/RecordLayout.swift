import PostgresWAL

/// Where the bytes of a record lie in a stream of pages that begins with a segment.
///
/// An independent reading of the format, as plain as possible: what the reader says is held against it.
struct RecordLayout {
    /// The pieces of the record, page headers left out, in order.
    var pieces: [Range<Int>] = []

    /// The layout of `length` bytes from `start` on, nil where the stream ends before.
    init?(start: Int, length: Int, in stream: [UInt8]) {
        var (place, rest) = (start, length)
        while rest > 0 {
            if place % WALPageHeader.pageSize == 0 {
                guard place + 4 <= stream.count else { return nil }
                // 0x02 in the flags: the header is a long one.
                place += stream[place + 2] & 0x02 == 0 ? 24 : 40
            }
            let pageEnd = (place / WALPageHeader.pageSize + 1) * WALPageHeader.pageSize
            let end = min(place + rest, pageEnd)
            guard end <= stream.count else { return nil }
            if place < end { pieces.append(place..<end) }
            rest -= end - place
            place = end
        }
    }

    /// Where the last byte ends.
    var end: Int { pieces.last?.upperBound ?? 0 }

    /// The record in one piece.
    func bytes(in stream: [UInt8]) -> [UInt8] {
        pieces.flatMap { stream[$0] }
    }

    /// Puts the record back.
    func write(_ record: [UInt8], to stream: inout [UInt8]) {
        var rest = record[...]
        for piece in pieces {
            stream.replaceSubrange(piece, with: rest.prefix(piece.count))
            rest = rest.dropFirst(piece.count)
        }
    }
}

/// The parts of a record, before it lies anywhere.
struct RawRecord {
    var xid: UInt32
    var info: UInt8
    var resourceManager: UInt8
    /// Everything behind the header.
    var body: [UInt8]

    /// The record with a header that is right, as it would lie behind another one.
    func bytes(previous: UInt64) -> [UInt8] {
        let header = littleEndian(UInt32(24 + body.count)) + littleEndian(xid) + littleEndian(previous)
        return RawRecord.sealed(header + [info, resourceManager, 0, 0, 0, 0, 0, 0] + body)
    }

    /// The record with the checksum that it has to have.
    static func sealed(_ record: [UInt8]) -> [UInt8] {
        guard record.count >= 24 else { return record }
        var sealed = record
        overwrite(&sealed, at: 20, with: littleEndian(checksum(of: record)))
        return sealed
    }

    /// The checksum by the definition: everything behind the header, then the header up to the checksum.
    static func checksum(of record: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in record[24...] { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
        for byte in record[..<20] { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
        return ~crc
    }

    // 0x82F63B78: the Castagnoli polynomial, reflected.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
    }
}
