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

    @Test
    func `lz4 of a later version`() throws {
        var bytes = try Samples.read("page.lz4")
        // The version is in the upper two bits.
        bytes[4] ^= 0xC0
        #expect(kind(of: bytes, .lz4) == .unsupported)
    }
}
