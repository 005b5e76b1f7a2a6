/// The Castagnoli checksum, as the Snappy framing format uses it.
package enum CRC32C {
    /// The checksum of `bytes`, masked: rotated and shifted, so that data with checksums inside does no harm.
    package static func masked(_ bytes: Span<UInt8>) -> UInt32 {
        let crc = checksum(of: bytes)
        return (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    }

    /// The checksum of `bytes`.
    package static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        let tables = tables.span
        var crc = ~UInt32(0)
        var index = 0
        // Eight bytes a turn, each through a table of its own ("slicing by 8").
        while bytes.count - index >= 8 {
            var next: UInt32 = 0
            for byte in 0..<4 {
                let low = bytes[index + byte] ^ UInt8(truncatingIfNeeded: crc >> (8 * UInt32(byte)))
                next ^= tables[(7 - byte) << 8 | Int(low)]
                next ^= tables[(3 - byte) << 8 | Int(bytes[index + 4 + byte])]
            }
            crc = next
            index += 8
        }
        while index < bytes.count {
            crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[index])]
            index += 1
        }
        return ~crc
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
