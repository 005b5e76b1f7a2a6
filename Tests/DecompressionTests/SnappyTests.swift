import Decompression
import Testing

struct SnappyTests {
    private static let identifier: [UInt8] = [0xFF, 6, 0, 0] + Array("sNaPpY".utf8)

    private static func chunk(_ kind: UInt8, _ body: [UInt8]) -> [UInt8] {
        [kind, UInt8(body.count & 0xFF), UInt8(body.count >> 8 & 0xFF), UInt8(body.count >> 16)] + body
    }

    private static func checksum(_ plain: [UInt8]) -> [UInt8] {
        let crc = CRC32C.masked(plain.span)
        return (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) }
    }

    private static func stored(_ plain: [UInt8]) -> [UInt8] {
        chunk(0x01, checksum(plain) + plain)
    }

    /// A chunk of one literal, which every Snappy reader takes; at most 60 bytes.
    private static func compressed(_ plain: [UInt8]) -> [UInt8] {
        chunk(0x00, checksum(plain) + [UInt8(plain.count), UInt8((plain.count - 1) << 2)] + plain)
    }

    private static let hello = Array("hello".utf8)

    @Test(arguments: [
        ("identifier alone", [], ""),
        ("stored", stored(hello), "hello"),
        ("compressed", compressed(hello), "hello"),
        ("stored and empty", stored([]), ""),
        ("padding", chunk(0xFE, [0, 0, 0]) + stored(hello) + chunk(0xFE, []), "hello"),
        ("skippable", chunk(0x80, [1, 2, 3]) + stored(hello) + chunk(0xFD, hello), "hello"),
        ("identifier again", stored(hello) + identifier + compressed(hello), "hellohello"),
    ])
    func `reads every kind of chunk`(name: String, chunks: [UInt8], plain: String) throws {
        let bytes = Self.identifier + chunks
        #expect(try decompress(bytes, format: .snappy, limit: 100) == Array(plain.utf8))
        #expect(try expand(bytes, .snappy, inPiecesOf: 1) == Array(plain.utf8))
    }

    @Test
    func `skips a chunk of any length`() throws {
        let chunk = Self.chunk(0x90, Array(repeating: 7, count: 0xFF_FFFF))
        let bytes = Self.identifier + chunk + Self.stored(Self.hello)
        #expect(try decompress(bytes, format: .snappy, limit: 5) == Self.hello)
    }

    @Test
    func `reads a stored chunk of full size`() throws {
        let plain = [UInt8](repeating: 9, count: 65_536)
        #expect(try decompress(Self.identifier + Self.stored(plain), format: .snappy, limit: 65_536) == plain)
    }

    @Test(arguments: [
        ("unknown chunk that must not be skipped", chunk(0x02, hello)),
        ("the last of those", chunk(0x7F, hello)),
        ("stored chunk that is too long", stored(Array(repeating: 9, count: 65_537))),
        ("stored chunk without room for a checksum", chunk(0x01, [1, 2, 3])),
        ("compressed chunk without content", chunk(0x00, [1, 2, 3, 4])),
        ("compressed chunk that is too long", chunk(0x00, Array(repeating: 0, count: 80_000))),
        ("wrong checksum of a stored chunk", chunk(0x01, [1, 2, 3, 4] + hello)),
        ("wrong checksum of a compressed chunk", chunk(0x00, [1, 2, 3, 4, 5, 16] + hello)),
        ("compressed chunk that expands to 64 KiB and one", chunk(0x00, [1, 2, 3, 4, 0x81, 0x80, 0x04, 0, 0])),
        ("compressed chunk that expands to 4 GiB", chunk(0x00, [1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0])),
        ("compressed chunk that is no Snappy", chunk(0x00, [1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])),
        ("another identifier", chunk(0xFF, Array("SnApPy".utf8))),
        ("longer identifier", chunk(0xFF, Array("sNaPpY!".utf8))),
    ])
    func `refuses what the format forbids`(name: String, chunks: [UInt8]) {
        let error = #expect(throws: DecompressionError.self) {
            try decompress(Self.identifier + chunks, format: .snappy, limit: 1 << 20)
        }
        #expect(error?.kind == .corrupt)
    }

    @Test(arguments: [stored(hello), compressed(hello), chunk(0xFE, [0]), chunk(0xFF, Array("SnApPy".utf8))])
    func `begins with its identifier`(bytes: [UInt8]) {
        let error = #expect(throws: DecompressionError.self) {
            try decompress(bytes, format: .snappy, limit: 1 << 20)
        }
        #expect(error?.kind == .notThisFormat)
    }

    @Test(
        arguments: [
            ([], 0), (Array("123456789".utf8), 0xE306_9283), (Array("a".utf8), 0xC1D0_4330),
            // RFC 3720, B.4: 32 bytes of zeros.
            (Array(repeating: 0, count: 32), 0x8A91_36AA),
        ] as [([UInt8], UInt32)]
    )
    func `computes CRC-32C`(bytes: [UInt8], crc: UInt32) {
        #expect(CRC32C.checksum(of: bytes.span) == crc)
    }
}
