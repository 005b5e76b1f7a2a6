/// A cyclic redundancy check whose bits are reflected, begins with all ones and ends inverted: all that S3 knows.
struct CyclicChecksum {
    /// CRC-32, as in gzip.
    static let crc32 = CyclicChecksum(polynomial: 0xEDB8_8320, bytes: 4)
    /// CRC-32C, after Castagnoli.
    static let crc32c = CyclicChecksum(polynomial: 0x82F6_3B78, bytes: 4)
    /// CRC-64/NVME, what AWS's newer clients send with every object.
    static let crc64nvme = CyclicChecksum(polynomial: 0x9A6C_9329_AC4B_C9B5, bytes: 8)

    private let count: Int
    private let table: [UInt64]

    private init(polynomial: UInt64, bytes: Int) {
        count = bytes
        table = (0..<256).map { byte in
            (0..<8).reduce(UInt64(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1 }
        }
    }

    /// The check of these bytes, its highest byte first.
    func digest(_ bytes: [UInt8]) -> [UInt8] {
        let ones = UInt64.max >> UInt64(64 - 8 * count)
        var rest = ones
        for byte in bytes { rest = rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
        rest ^= ones
        return (0..<count).reversed().map { UInt8(truncatingIfNeeded: rest >> UInt64(8 * $0)) }
    }
}
