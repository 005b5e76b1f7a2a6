import Decompression
import Testing

struct DamageTests {
    /// Samples whose every byte is under a checksum, except what only names things.
    static let checked: [(String, CompressionFormat)] = [
        ("page.gz", .gzip), ("page.bz2", .bzip2), ("page.xz", .xz), ("page.snappy", .snappy),
        ("page-checked.zst", .zstd), ("page-checked.lz4", .lz4),
    ]

    /// Samples in which a changed byte may pass.
    static let unchecked: [(String, CompressionFormat)] = [
        ("page.zst", .zstd), ("page.lz4", .lz4), ("history.zst", .zstd), ("history.lz4", .lz4),
        ("page-skippable.zst", .zstd),
    ]

    @Test(arguments: checked + unchecked.dropLast())
    func `every beginning of a stream is an error`(name: String, format: CompressionFormat) throws {
        let bytes = try Samples.read(name)
        let plain = try decompress(bytes, format: format, limit: 4096)
        for count in bytes.indices {
            switch outcome(of: Array(bytes.prefix(count)), format) {
            case .failure(let error):
                #expect(error.kind == (count == 0 ? .empty : .truncated))
                #expect(error.offset == count)
            case .success(let result):
                // Snappy's framing has no end: a cut between two chunks is a shorter stream.
                #expect(format == .snappy && count == 10 && result.isEmpty, "\(count) of \(plain.count)")
            }
        }
    }

    @Test(arguments: checked)
    func `no flipped bit goes unnoticed where there is a checksum`(name: String, format: CompressionFormat) throws {
        let bytes = try Samples.read(name)
        let plain = try decompress(bytes, format: format, limit: 4096)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                guard case .success(let result) = outcome(of: damaged, format) else { continue }
                // Snappy: the chunk's kind became one that a reader must skip.
                let skipped = format == .snappy && index == 10 && bit == 7
                #expect(result == (skipped ? [] : plain), "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test(arguments: checked + unchecked)
    func `every changed byte ends in a result or an error`(name: String, format: CompressionFormat) throws {
        let bytes = try Samples.read(name)
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF, bytes[index], ~bytes[index]] {
                var damaged = bytes
                damaged[index] ^= mask
                let whole = outcome(of: damaged, format)
                let inPieces = outcome(of: damaged, format, inPiecesOf: 1)
                switch (whole, inPieces) {
                case (.success(let one), .success(let other)): #expect(one == other)
                case (.failure(let one), .failure(let other)): #expect(one.kind == other.kind)
                default: Issue.record("byte \(index) ^ \(mask): \(whole) and \(inPieces)")
                }
            }
        }
    }

    @Test(arguments: Samples.packed)
    func `noise is not taken for a stream`(format: CompressionFormat) {
        let noise = Samples.noise(1100)
        for start in 0..<1000 {
            let bytes = Array(noise[start..<start + 100])
            #expect(throws: DecompressionError.self) { try decompress(bytes, format: format, limit: 4096) }
        }
    }

    @Test(arguments: Samples.packed)
    func `no bytes are an error`(format: CompressionFormat) {
        let error = #expect(throws: DecompressionError.self) { try decompress([], format: format, limit: 1) }
        #expect(error == DecompressionError(.empty, format: format, offset: 0))
    }

    @Test(arguments: Samples.packed)
    func `another format's bytes are not this format`(format: CompressionFormat) throws {
        for other in CompressionFormat.allCases where other != format {
            let bytes = try Samples.read("page", other)
            let error = #expect(throws: DecompressionError.self) { try decompress(bytes, format: format, limit: 4096) }
            #expect(error?.kind == .notThisFormat, "\(other) as \(format)")
        }
    }

    @Test(arguments: Samples.packed, [1, 1000])
    func `bytes behind the end are an error`(format: CompressionFormat, piece: Int) throws {
        let bytes = try Samples.read("page", format)
        let error = #expect(throws: DecompressionError.self) {
            try expand(bytes + Array("a note that somebody left".utf8), format, inPiecesOf: piece)
        }
        #expect(error?.kind == (format == .snappy ? .corrupt : .trailingData))
        #expect((error?.offset ?? 0) >= bytes.count)
    }

    @Test(arguments: Samples.packed)
    func `a second stream that is cut is an error`(format: CompressionFormat) throws {
        let bytes = try Samples.read("page", format)
        let error = #expect(throws: DecompressionError.self) {
            try decompress(bytes + bytes.dropLast(), format: format, limit: 8192)
        }
        #expect(error?.kind == .truncated)
    }

    @Test(arguments: Samples.packed)
    func `an error stays`(format: CompressionFormat) throws {
        let bytes = try Samples.read("page", format)
        var decompressor = try Decompressor(format, limit: 1)
        let first = #expect(throws: DecompressionError.self) { try decompressor.expand(bytes.span) { _ in } }
        let second = #expect(throws: DecompressionError.self) { try decompressor.expand(bytes.span) { _ in } }
        let last = failure(finishing: decompressor)
        #expect(first?.kind == .limitExceeded(1))
        #expect(first == second)
        #expect(first == last)
    }

    private func failure(finishing decompressor: consuming Decompressor) -> DecompressionError? {
        do throws(DecompressionError) {
            try decompressor.finish()
            return nil
        } catch {
            return error
        }
    }
}
