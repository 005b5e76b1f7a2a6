import Decompression
import Testing

struct DecompressorTests {
    @Test(arguments: Samples.packed, ["history", "page"])
    func `reads what Barman wrote`(format: CompressionFormat, name: String) throws {
        let plain = try decompress(Samples.read(name, format), format: format, limit: 4096)
        #expect(try plain == Samples.read(name))
    }

    @Test(arguments: [
        ("page-highest.xz", CompressionFormat.xz), ("page-highest.zst", .zstd), ("page-checked.zst", .zstd),
        ("page-skippable.zst", .zstd), ("page-checked.lz4", .lz4),
    ])
    func `reads what the formats allow`(name: String, format: CompressionFormat) throws {
        #expect(try decompress(Samples.read(name), format: format, limit: 4096) == Samples.read("page"))
    }

    @Test(arguments: ["long", "long-tar"], [CompressionFormat.snappy, .lz4])
    func `reads streams of many blocks`(name: String, format: CompressionFormat) throws {
        #expect(try decompress(Samples.read(name, format), format: format, limit: 1 << 20) == Samples.long())
    }

    @Test(arguments: Samples.packed, [1, 7, 100])
    func `does not care in which pieces the bytes come`(format: CompressionFormat, piece: Int) throws {
        let plain = try expand(Samples.read("page", format), format, inPiecesOf: piece)
        #expect(try plain == Samples.read("page"))
    }

    @Test(arguments: ["long", "long-tar"], [CompressionFormat.snappy, .lz4])
    func `does not care in which pieces many blocks come`(name: String, format: CompressionFormat) throws {
        let plain = try expand(Samples.read(name, format), format, inPiecesOf: 1)
        #expect(try plain == Samples.long())
    }

    @Test(arguments: Samples.packed, [1, 1000])
    func `reads one stream behind the other`(format: CompressionFormat, piece: Int) throws {
        let bytes = try Samples.read("page", format) + Samples.read("history", format) + Samples.read("page", format)
        let plain = try Samples.read("page") + Samples.read("history") + Samples.read("page")
        #expect(try expand(bytes, format, inPiecesOf: piece) == plain)
    }

    @Test(arguments: [CompressionFormat.gzip, .bzip2, .xz, .zstd])
    func `reads an idle segment`(format: CompressionFormat) throws {
        let plain = try decompress(Samples.read("zeros-16M", format), format: format, limit: 16 << 20)
        // Not #expect(plain == …), which would print 16 MiB.
        let isRight = plain == [UInt8](repeating: 0, count: 16 << 20)
        #expect(isRight)
    }

    @Test
    func `reads the largest idle segment through a small buffer`() throws {
        var largest = 0
        let bytes = try Samples.read("zeros-1G.zst")
        var decompressor = try Decompressor(.zstd, limit: 1 << 30)
        try decompressor.expand(bytes.span) { largest = max(largest, $0.count) }
        #expect(decompressor.expandedCount == 1 << 30)
        #expect(decompressor.compressedCount == bytes.count)
        #expect(largest == 65_536)
        try decompressor.finish()
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func `passes on what is not compressed`(count: Int) throws {
        let bytes = [UInt8]((0..<count).map { UInt8(truncatingIfNeeded: $0) })
        #expect(try decompress(bytes, format: .none, limit: count) == bytes)
        #expect(try expand(bytes, .none, inPiecesOf: 1000, limit: count) == bytes)
    }
}
