import Decompression
import Foundation

/// The samples that `Fixtures/compression/make.py` made, and what they expand to.
enum Samples {
    /// The formats that compress.
    static let packed = CompressionFormat.allCases.filter { $0 != .none }

    /// The bytes of a sample.
    static func read(_ name: String) throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try [UInt8](Data(contentsOf: root.appendingPathComponent("Fixtures/compression/\(name)")))
    }

    /// The bytes of a sample in one format.
    static func read(_ name: String, _ format: CompressionFormat) throws -> [UInt8] {
        try read("\(name)\(format.fileExtension)")
    }

    /// What the samples called `long` expand to.
    static func long() throws -> [UInt8] {
        let page = try read("page")
        return noise(70_000) + Array(repeatElement(page, count: 60).joined())
    }

    /// The script's incompressible bytes.
    static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }
}

/// Expands `bytes` in pieces of `piece` bytes.
func expand(
    _ bytes: [UInt8],
    _ format: CompressionFormat,
    inPiecesOf piece: Int,
    limit: Int = 1 << 20
) throws(DecompressionError) -> [UInt8] {
    var plain: [UInt8] = []
    var decompressor = try Decompressor(format, limit: limit)
    var rest = bytes.span
    while !rest.isEmpty {
        let count = min(piece, rest.count)
        try decompressor.expand(rest.extracting(first: count), appendingTo: &plain)
        rest = rest.extracting(droppingFirst: count)
    }
    try decompressor.finish()
    return plain
}

/// What becomes of bytes that may be damaged.
func outcome(
    of bytes: [UInt8],
    _ format: CompressionFormat,
    inPiecesOf piece: Int = .max
) -> Result<[UInt8], DecompressionError> {
    do throws(DecompressionError) {
        return .success(try expand(bytes, format, inPiecesOf: piece, limit: 4096))
    } catch {
        return .failure(error)
    }
}
