import Decompression

/// A decompressor: one result whatever the pieces, and never more bytes than allowed.
struct DecompressionTarget: FuzzTarget {
    private let format: CompressionFormat
    private let mutator: Mutator

    init(_ format: CompressionFormat, _ corpus: Corpus) throws {
        self.format = format
        let isWanted: (String) -> Bool = { name in
            format == .none ? !name.contains(".") : name.hasSuffix(format.fileExtension)
        }
        // 20,000: longer ones are those of whole segments, which say nothing new and take long.
        let samples = try corpus.files(in: "compression", upTo: 20_000, where: isWanted)
        let archived = try corpus.files(in: "buckets", upTo: 20_000) { $0.contains("wals/") && isWanted($0) }
        // The archived ones are many and alike, and expand beyond most limits.
        mutator = Mutator(
            corpus: samples + archived.prefix(2),
            words: Self.words,
            separators: [[], [0], [0, 0, 0, 0], [UInt8](repeating: 0, count: 500)] + Self.skipped
        )
    }

    // What readers pass over: a frame of zstd's or lz4's, chunks of snappy's.
    private static let skipped: [[UInt8]] = [
        [0x5F, 0x2A, 0x4D, 0x18, 0x02, 0, 0, 0, 1, 2], [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0],
        [0xFE, 0x02, 0x00, 0x00, 1, 2], [0x80, 0x00, 0x00, 0x00],
    ]

    // What begins a stream or a part of one, and what stands between streams.
    private static let words: [[UInt8]] = [
        [0x1F, 0x8B, 0x08], Array("BZh9".utf8), [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], [0x59, 0x5A],
        [0x28, 0xB5, 0x2F, 0xFD], [0x50, 0x2A, 0x4D, 0x18], [0x04, 0x22, 0x4D, 0x18],
        [0xFF, 0x06, 0x00, 0x00] + Array("sNaPpY".utf8), [0xFE, 0x04, 0x00, 0x00, 0, 0, 0, 0],
        [0x00, 0x05, 0x00, 0x00],
        [0x01, 0x04, 0x00, 0x00], [0x80, 0x00, 0x00, 0x00], [0, 0, 0, 0],
    ]

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        mutator.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        var random = SeededGenerator(from: input)
        // Rarely one of a megabyte: most that is wrong shows sooner, and zeros in plenty take long.
        let limit = random.oneIn(2) ? random.below(9000) : random.oneIn(20) ? 1 << 20 : 70_000
        let whole = expand(input, limit: limit) { $0 }
        try holdLimit(whole, limit)
        let most = [1, 7, 300, 20_000].randomElement(using: &random) ?? 1
        let inPieces = expand(input, limit: limit) { _ in random.below(most + 1) }
        try holdLimit(inPieces, limit)
        try compare(whole, inPieces)
        guard whole.error == nil, !whole.plain.isEmpty else { return }
        // Just enough, and one too few.
        let exact = expand(input, limit: whole.plain.count) { $0 }
        try expect(exact.error == nil && exact.plain == whole.plain, "a limit of exactly its size changes the result")
        let short = expand(input, limit: whole.plain.count - 1) { $0 }
        try holdLimit(short, whole.plain.count - 1)
        try expect(short.error != nil, "a limit of one byte less is not an error")
    }

    private struct Expansion {
        var plain: [UInt8] = []
        var error: DecompressionError?
        var largestPiece = 0
    }

    /// Expands in pieces of the sizes that `size` tells, given how much is left.
    private func expand(_ input: [UInt8], limit: Int, size: (Int) -> Int) -> Expansion {
        var expansion = Expansion()
        do throws(DecompressionError) {
            var decompressor = try Decompressor(format, limit: limit)
            var rest = input.span
            var empty = 0
            repeat {
                // Pieces of no bytes are allowed, but some have to follow.
                let wanted = min(size(rest.count), rest.count)
                empty = wanted == 0 ? empty + 1 : 0
                let count = empty > 2 ? min(1, rest.count) : wanted
                try decompressor.expand(rest.extracting(first: count)) { piece in
                    expansion.largestPiece = max(expansion.largestPiece, piece.count)
                    unsafe piece.withUnsafeBufferPointer { unsafe expansion.plain.append(contentsOf: $0) }
                }
                rest = rest.extracting(droppingFirst: count)
            } while !rest.isEmpty
            try decompressor.finish()
        } catch {
            expansion.error = error
        }
        return expansion
    }

    private func holdLimit(_ expansion: Expansion, _ limit: Int) throws(Violation) {
        try expect(expansion.plain.count <= limit, "\(expansion.plain.count) bytes with a limit of \(limit)")
        try expect(expansion.largestPiece <= 65_536, "a piece of \(expansion.largestPiece) bytes")
    }

    private func compare(_ one: Expansion, _ other: Expansion) throws(Violation) {
        let (whole, pieces) = (describe(one), describe(other))
        switch (one.error?.kind, other.error?.kind) {
        // A library that is given a whole block sees what is wrong behind the limit before it gives out a byte.
        case (.limitExceeded, .some), (.some, .limitExceeded): break
        case (let kind, let otherKind): try expect(kind == otherKind, "whole: \(whole); in pieces: \(pieces)")
        }
        let common = min(one.plain.count, other.plain.count)
        let agree = one.plain.prefix(common) == other.plain.prefix(common)
        // Before an error, pieces may bring more out of a codec or less.
        try expect(
            agree && (one.error != nil || one.plain.count == other.plain.count),
            "other bytes: whole \(whole); in pieces \(pieces)"
        )
    }

    private func describe(_ expansion: Expansion) -> String {
        "\(expansion.plain.count) bytes, \(expansion.error.map { "\($0.kind) at \($0.offset)" } ?? "whole")"
    }
}
