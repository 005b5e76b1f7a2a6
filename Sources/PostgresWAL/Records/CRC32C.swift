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

    /// The checksum of the record that begins at `offset`: of what follows its header, then of the header's own bytes.
    ///
    /// The record must lie in the bytes with the zeros behind it; it is at least as long as its header.
    @inline(__always)
    package func ofRecord(in bytes: RawSpan, at offset: Int, length: Int) -> UInt32 {
        let record = bytes.extracting(offset..<offset + (length + 7) & ~7)
        guard usesInstruction else { return ofRecordByTable(record, length: length) }
        // Safe: the function reads up to the next multiple of eight bytes, where the span ends, and keeps nothing.
        return unsafe record.withUnsafeBytes { unsafe cellar_crc32c_of_record($0.baseAddress, length) }
    }

    private func ofRecordByTable(_ record: RawSpan, length: Int) -> UInt32 {
        var crc = CRC32C(usesInstruction: false)
        crc.add(record.extracting(RecordHeader.size..<length))
        crc.add(record.extracting(first: RecordHeader.checkedSize))
        return crc.checksum
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
