import Decompression
import Testing

struct PaddingTests {
    @Test(arguments: [1, 4, 511, 70_000], [1, 1 << 20])
    func `gzip takes zeros behind a member for padding`(zeros: Int, piece: Int) throws {
        let bytes = try Samples.read("page.gz") + Array(repeating: 0, count: zeros)
        let page = try Samples.read("page")
        #expect(try expand(bytes, .gzip, inPiecesOf: piece) == page)
        #expect(try expand(bytes + bytes, .gzip, inPiecesOf: piece) == page + page)
        let error = #expect(throws: DecompressionError.self) {
            try expand(bytes + [1, 2, 3], .gzip, inPiecesOf: piece)
        }
        #expect(error?.kind == .trailingData)
    }

    @Test(arguments: [4, 8, 4096], [1, 3, 1 << 20])
    func `xz takes zeros in fours behind a stream for padding`(zeros: Int, piece: Int) throws {
        let bytes = try Samples.read("page.xz") + Array(repeating: 0, count: zeros)
        let page = try Samples.read("page")
        #expect(try expand(bytes, .xz, inPiecesOf: piece) == page)
        #expect(try expand(bytes + bytes, .xz, inPiecesOf: piece) == page + page)
    }

    @Test(arguments: [1, 2, 3, 5], [1, 1 << 20])
    func `xz refuses other numbers of zeros`(zeros: Int, piece: Int) throws {
        let stream = try Samples.read("page.xz")
        let bytes = stream + Array(repeating: 0, count: zeros)
        let atEnd = #expect(throws: DecompressionError.self) { try expand(bytes, .xz, inPiecesOf: piece) }
        #expect(atEnd?.kind == .truncated)
        let between = #expect(throws: DecompressionError.self) { try expand(bytes + stream, .xz, inPiecesOf: piece) }
        #expect(between?.kind == .corrupt)
    }

    @Test(arguments: [CompressionFormat.bzip2, .zstd, .lz4])
    func `the others know no padding`(format: CompressionFormat) throws {
        let bytes = try Samples.read("page", format) + Array(repeating: 0, count: 64)
        let error = #expect(throws: DecompressionError.self) { try decompress(bytes, format: format, limit: 4096) }
        #expect(error?.kind == .trailingData)
    }
}
