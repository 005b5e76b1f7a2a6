internal import CCellarCRC32C

/// The Castagnoli checksum that every record carries, computed as the bytes arrive.
package struct CRC32C {
    private var register = ~UInt32(0)

    /// Whether the processor computes it; settable, so that tests can see both ways.
    package let usesInstruction: Bool

    /// The checksum of no bytes.
    package init(usesInstruction: Bool = CRC32C.hasInstruction) {
        self.usesInstruction = usesInstruction
    }

    /// Whether this processor has an instruction for it.
    package static let hasInstruction = cellar_crc32c_prepare()

    /// The checksum of the bytes so far.
    package var checksum: UInt32 { ~register }

    /// Adds bytes.
    @inline(__always)
    package mutating func add(_ bytes: RawSpan) {
        if usesInstruction {
            // Safe: the function reads `count` bytes from `baseAddress` on and keeps nothing.
            register = unsafe bytes.withUnsafeBytes { bytes in
                unsafe cellar_crc32c_extend(register, bytes.baseAddress, bytes.count)
            }
        } else {
            addByTable(bytes)
        }
    }

    /// How many bytes at the front are records with the right checksum, one behind the other, each with the zeros up to
    /// the next multiple of eight.
    ///
    /// Nothing else is looked at but that a record is as long as its header and lies in the bytes.
    package func rightRecords(in bytes: RawSpan) -> Int {
        guard usesInstruction else { return rightRecordsByTable(in: bytes) }
        // Safe: the function reads `count` bytes from `baseAddress` on and keeps nothing.
        return unsafe bytes.withUnsafeBytes { unsafe cellar_crc32c_right_records($0.baseAddress, $0.count) }
    }

    private func rightRecordsByTable(in bytes: RawSpan) -> Int {
        var offset = 0
        while bytes.byteCount - offset >= RecordHeader.size {
            let header = RecordHeader(bytes, at: offset)
            let paddedLength = header.paddedLength
            guard header.length >= RecordHeader.size, paddedLength <= bytes.byteCount - offset else { break }
            var crc = CRC32C(usesInstruction: false)
            crc.add(bytes.extracting(offset + RecordHeader.size..<offset + Int(header.length)))
            crc.add(bytes.extracting(offset..<offset + RecordHeader.checkedSize))
            guard crc.checksum == header.checksum else { break }
            offset += paddedLength
        }
        return offset
    }

    private mutating func addByTable(_ bytes: RawSpan) {
        let tables = Self.tables.span
        var index = 0
        // Eight bytes a turn, each through a table of its own ("slicing by 8").
        while bytes.byteCount - index >= 8 {
            let low = bytes.uint32(at: index) ^ register
            let high = bytes.uint32(at: index + 4)
            var next: UInt32 = 0
            for byte in 0..<4 {
                let shift = UInt32(8 * byte)
                next ^= tables[(7 - byte) << 8 | Int(low >> shift & 0xFF)]
                next ^= tables[(3 - byte) << 8 | Int(high >> shift & 0xFF)]
            }
            register = next
            index += 8
        }
        while index < bytes.byteCount {
            register = register >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: register) ^ bytes.uint8(at: index))]
            index += 1
        }
    }

    /// Eight tables of 256, the n-th for a byte that has n more behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 {
                // 0x82F63B78: the polynomial 0x1EDC6F41, reflected.
                crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78
            }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
        }
        return tables
    }()
}
