import Decompression
import Testing

struct UnsupportedTests {
    private func kind(of bytes: [UInt8], _ format: CompressionFormat) -> DecompressionError.Kind? {
        guard case .failure(let error) = outcome(of: bytes, format) else { return nil }
        return error.kind
    }

    @Test
    func `xz with a check that liblzma does not know`() throws {
        var bytes = try Samples.read("page.xz")
        // The kind of check, and the CRC-32 of the header's flags.
        bytes.replaceSubrange(7..<12, with: [0x02, 0xD3, 0x73, 0xD7, 0xAF])
        #expect(kind(of: bytes, .xz) == .unsupported)
    }

    @Test
    func `zstd with a dictionary`() {
        // Magic number, a dictionary's number in one byte, window, dictionary 1, one stored byte.
        let bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x01, 0x58, 0x01, 0x09, 0x00, 0x00, 0x78]
        #expect(kind(of: bytes, .zstd) == .unsupported)
    }

    /// Debian's library has decoders for them, and would take them where they come in one piece.
    @Test(arguments: UInt8(0x1E)...0x27)
    func `zstd from before its first release`(version: UInt8) throws {
        var bytes = try Samples.read("page.zst")
        bytes[0] = version
        #expect(kind(of: bytes, .zstd) == .notThisFormat)
        // Nor behind the beginning of a header that is not whole.
        let later: [[UInt8]] = [[0x28], [0x28, 0xB5, 0x2F, 0xFD], [0x28, 0xB5, 0x2F, 0xFD, 0x08], [0x50, 0x2A]]
        for head in later {
            #expect(throws: DecompressionError.self, "\(head)") {
                try expand(head, bytes)
            }
        }
    }

    /// Expands in one small piece and one large one.
    private func expand(_ first: [UInt8], _ second: [UInt8]) throws(DecompressionError) {
        var plain: [UInt8] = []
        var decompressor = try Decompressor(.zstd, limit: 4096)
        try decompressor.expand(first.span, appendingTo: &plain)
        try decompressor.expand(second.span, appendingTo: &plain)
        try decompressor.finish()
    }

    @Test
    func `lz4 of a later version`() throws {
        var bytes = try Samples.read("page.lz4")
        // The version is in the upper two bits.
        bytes[4] ^= 0xC0
        #expect(kind(of: bytes, .lz4) == .unsupported)
    }
}
