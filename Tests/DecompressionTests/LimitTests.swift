import Decompression
import Testing

struct LimitTests {
    @Test(arguments: CompressionFormat.allCases)
    func `gives out as much as allowed and not a byte more`(format: CompressionFormat) throws {
        let bytes = try Samples.read("page", format)
        let plain = try decompress(bytes, format: format, limit: Int.max)
        #expect(try decompress(bytes, format: format, limit: plain.count) == plain)

        for limit in [0, 1, plain.count - 1] {
            var given: [UInt8] = []
            var decompressor = try Decompressor(format, limit: limit)
            let error = #expect(throws: DecompressionError.self) {
                try decompressor.expand(bytes.span, appendingTo: &given)
            }
            #expect(error?.kind == .limitExceeded(limit))
            #expect(given == Array(plain.prefix(limit)))
        }
    }

    @Test
    func `a limit below zero allows nothing`() throws {
        let error = #expect(throws: DecompressionError.self) {
            try decompress(Samples.read("page.gz"), format: .gzip, limit: -1)
        }
        #expect(error?.kind == .limitExceeded(-1))
    }

    @Test(arguments: [CompressionFormat.gzip, .bzip2, .xz, .zstd])
    func `stops at the limit of what expands without end`(format: CompressionFormat) throws {
        let error = #expect(throws: DecompressionError.self) {
            try decompress(Samples.read("zeros-16M", format), format: format, limit: 1 << 20)
        }
        #expect(error?.kind == .limitExceeded(1 << 20))
    }

    @Test
    func `refuses an implausible ratio beyond what a segment can hold`() throws {
        var ratio = RatioGuard()
        ratio.free = 1 << 20
        let bytes = try Samples.read("zeros-16M.bz2")
        var decompressor = try Decompressor(.bzip2, limit: 16 << 20, ratio: ratio)
        let error = #expect(throws: DecompressionError.self) { try decompressor.expand(bytes.span) { _ in } }
        #expect(error?.kind == .implausibleRatio)
        #expect(decompressor.expandedCount <= 1 << 20 + 65_536)
    }

    @Test
    func `gzip of zeros is plausible at any length`() throws {
        var ratio = RatioGuard()
        ratio.free = 0
        let bytes = try Samples.read("zeros-16M.gz")
        var decompressor = try Decompressor(.gzip, limit: 16 << 20, ratio: ratio)
        for index in bytes.indices {
            try decompressor.expand(bytes.span.extracting(index...index)) { _ in }
        }
        try decompressor.finish()
    }

    @Test
    func `refuses a zstd window beyond 128 MiB`() throws {
        // Magic number, no flags, the window as a power of two less ten in the upper five bits, one stored byte.
        func frame(windowLog: UInt8) -> [UInt8] {
            [0x28, 0xB5, 0x2F, 0xFD, 0x00, (windowLog - 10) << 3, 0x09, 0x00, 0x00, 0x78]
        }
        #expect(try decompress(frame(windowLog: 27), format: .zstd, limit: 1) == [0x78])
        let error = #expect(throws: DecompressionError.self) {
            try decompress(frame(windowLog: 28), format: .zstd, limit: 1)
        }
        #expect(error?.kind == .memoryLimitExceeded)
    }

    @Test
    func `refuses an xz dictionary beyond the memory limit`() throws {
        let error = #expect(throws: DecompressionError.self) {
            try decompress(Samples.read("huge-dictionary.xz"), format: .xz, limit: 4096)
        }
        #expect(error?.kind == .memoryLimitExceeded)
    }
}
