/// Where the main data of a record begins: it is the last of the record, behind the data of its blocks.
///
/// Between the record's header and any data lie the headers of all parts, each of which begins with a number that
/// tells what it is about; together they must account for every byte of the record.
///
/// - Parameters:
///   - bytes: The first bytes of the record, from its header on.
///   - length: The length of the record.
///   - format: Decides what is known of a page image.
/// - Returns: The offset from the beginning of the record, its length where there is no main data, nil where the
///   headers make no sense or do not lie in the bytes.
func mainDataOffset(in bytes: RawSpan, length: Int, format: WALFormat) -> Int? {
    // Of nearly all records that carry an event: no block, and less than 256 bytes of main data.
    let short = RecordHeader.size + 2
    if bytes.byteCount >= short, bytes.uint8(at: short - 2) == 255, short + Int(bytes.uint8(at: short - 1)) == length {
        return short
    }
    var cursor = PartCursor(bytes: bytes, offset: RecordHeader.size)
    var dataLength = 0
    var mainLength = 0
    while length - cursor.offset > dataLength {
        guard let part = cursor.uint8() else { return nil }
        switch part {
        case 0...32:
            guard let blockLength = cursor.blockDataLength(format: format) else { return nil }
            dataLength += blockLength
        case 252, 253:
            // The top-level transaction, and the replication origin.
            guard cursor.skip(part == 252 ? 4 : 2) else { return nil }
        case 254, 255:
            guard let count = part == 254 ? cursor.uint32().map(Int.init) : cursor.uint8().map(Int.init)
            else { return nil }
            mainLength = count
            dataLength += count
            // The header of the main data is the last one.
            return cursor.offset + dataLength == length ? length - mainLength : nil
        default: return nil
        }
    }
    return cursor.offset + dataLength == length ? length : nil
}

/// Reads the headers of a record's parts from left to right.
private struct PartCursor: ~Escapable {
    let bytes: RawSpan
    private(set) var offset: Int

    @_lifetime(copy bytes)
    init(bytes: RawSpan, offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    @_lifetime(self: copy self)
    mutating func skip(_ count: Int) -> Bool {
        guard bytes.byteCount - offset >= count else { return false }
        offset += count
        return true
    }

    @_lifetime(self: copy self)
    mutating func uint8() -> UInt8? {
        skip(1) ? bytes.uint8(at: offset - 1) : nil
    }

    @_lifetime(self: copy self)
    mutating func uint16() -> UInt16? {
        skip(2) ? bytes.uint16(at: offset - 2) : nil
    }

    @_lifetime(self: copy self)
    mutating func uint32() -> UInt32? {
        skip(4) ? bytes.uint32(at: offset - 4) : nil
    }

    /// Passes over the rest of a block's header, and tells how much data and image the block has.
    @_lifetime(self: copy self)
    mutating func blockDataLength(format: WALFormat) -> Int? {
        guard let flags = uint8(), var length = uint16().map(Int.init) else { return nil }
        // 0x10: a page image, with its length, the hole's offset and what was done to it.
        if flags & 0x10 != 0 {
            guard let imageLength = uint16(), skip(2), let imageFlags = uint8() else { return nil }
            length += Int(imageLength)
            // The length of the hole follows where compression hides it.
            if imageFlags & format.compressedImageBits != 0, imageFlags & 0x01 != 0 {
                guard skip(2) else { return nil }
            }
        }
        // 0x80: the same relation as the block before; otherwise three numbers name it. Then the block's number.
        guard skip(flags & 0x80 != 0 ? 4 : 16) else { return nil }
        return length
    }
}
