internal import CCellarSnappy

/// Expands the Snappy framing format: chunks, each with the checksum of what it expands to.
///
/// The format has no mark at its end, so that every end of a chunk may be the end of the object; and a changed
/// byte may turn a chunk into one to skip. Only the expected length tells of such a loss.
struct SnappyCodec: Codec {
    private enum State {
        /// In the four bytes before a chunk: its kind, and its length in three bytes, the lowest first.
        case header(UInt32, count: Int)
        /// In a chunk whose content counts, of which ``body`` has the beginning.
        case body(Chunk, length: Int)
        /// In a chunk that is passed over, with so many bytes to go.
        case skipping(Int)
    }

    private enum Chunk {
        case identifier, compressed, stored
    }

    /// Between two chunks.
    private static let boundary = State.header(0, count: 0)

    private var state = boundary
    private var body: [UInt8] = []
    private var identified = false

    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        switch state {
        case .header(let word, let count):
            readHeader(word, count, from: input)
        case .skipping(let rest):
            skip(rest, of: input)
        case .body(let chunk, let length):
            readBody(chunk, length, from: input, into: &output)
        }
    }

    private mutating func readHeader(_ word: UInt32, _ count: Int, from input: Span<UInt8>) -> CodecStep {
        var word = word
        let taken = min(4 - count, input.count)
        for index in 0..<taken {
            word |= UInt32(input[index]) << (8 * UInt32(count + index))
        }
        state = .header(word, count: count + taken)
        guard count + taken == 4 else { return CodecStep(consumed: taken, produced: 0, outcome: .inside) }
        guard let next = content(of: UInt8(truncatingIfNeeded: word), length: Int(word >> 8)) else {
            return CodecStep(consumed: taken, produced: 0, outcome: .fault(identified ? .corrupt : .notThisFormat))
        }
        state = next
        body.removeAll(keepingCapacity: true)
        if case .header = next { return CodecStep(consumed: taken, produced: 0, outcome: .streamEnd) }
        return CodecStep(consumed: taken, produced: 0, outcome: .inside)
    }

    /// What follows a header, nil where it cannot be one.
    private func content(of kind: UInt8, length: Int) -> State? {
        switch kind {
        case 0xFF where length == identifier.utf8CodeUnitCount:
            .body(.identifier, length: length)
        case 0x00 where identified && compressedLengths.contains(length):
            .body(.compressed, length: length)
        case 0x01 where identified && storedLengths.contains(length):
            .body(.stored, length: length)
        // 0xFE is padding, the others are kept for things that a reader may do without.
        case 0x80...0xFE where identified:
            length == 0 ? Self.boundary : .skipping(length)
        default:
            nil
        }
    }

    private mutating func skip(_ rest: Int, of input: Span<UInt8>) -> CodecStep {
        let taken = min(rest, input.count)
        state = taken == rest ? Self.boundary : .skipping(rest - taken)
        return CodecStep(consumed: taken, produced: 0, outcome: taken == rest ? .streamEnd : .inside)
    }

    private mutating func readBody(
        _ chunk: Chunk,
        _ length: Int,
        from input: Span<UInt8>,
        into output: inout MutableSpan<UInt8>
    ) -> CodecStep {
        let taken = min(length - body.count, input.count)
        unsafe input.extracting(first: taken).withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
        guard body.count == length else { return CodecStep(consumed: taken, produced: 0, outcome: .inside) }
        guard let produced = expand(chunk, into: &output) else {
            return CodecStep(consumed: taken, produced: 0, outcome: .fault(identified ? .corrupt : .notThisFormat))
        }
        identified = true
        state = Self.boundary
        return CodecStep(consumed: taken, produced: produced, outcome: .streamEnd)
    }

    /// Writes what the chunk in ``body`` holds to `output`, and says how much it is; nil where it is corrupt.
    private func expand(_ chunk: Chunk, into output: inout MutableSpan<UInt8>) -> Int? {
        let produced: Int
        switch chunk {
        case .identifier:
            return body.elementsEqual(identifierBytes) ? 0 : nil
        case .stored:
            produced = body.count - checksumLength
            guard produced <= output.count else { return nil }
            for index in 0..<produced { output[index] = body[checksumLength + index] }
        case .compressed:
            guard let count = uncompress(body.span.extracting(checksumLength...), into: &output) else { return nil }
            produced = count
        }
        var expected: UInt32 = 0
        for index in 0..<checksumLength { expected |= UInt32(body[index]) << (8 * UInt32(index)) }
        return CRC32C.masked(output.span.extracting(0..<produced)) == expected ? produced : nil
    }

    private func uncompress(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        unsafe withPointers(input, &output) { input, output in
            // Safe: char is the library's word for a byte, and it writes no more than the length it is given.
            let source = unsafe UnsafeRawPointer(input.baseAddress)?.assumingMemoryBound(to: CChar.self)
            let target = unsafe UnsafeMutableRawPointer(output.baseAddress)?.assumingMemoryBound(to: CChar.self)
            var length = min(output.count, mostPlain)
            let status = unsafe snappy_uncompress(source, input.count, target, &length)
            return status == SNAPPY_OK ? length : nil
        }
    }
}

private let identifier: StaticString = "sNaPpY"
private let identifierBytes = "sNaPpY".utf8

/// The bytes of a checksum at the beginning of a chunk.
private let checksumLength = 4

/// The most plain bytes of a chunk, by the format.
private let mostPlain = 65_536

/// The lengths a compressed chunk may have.
///
/// One byte at least says how long the content is; snappy_max_compressed_length bounds the most.
private let compressedLengths = checksumLength + 1...checksumLength + 32 + mostPlain + mostPlain / 6

/// The lengths a stored chunk may have.
private let storedLengths = checksumLength...checksumLength + mostPlain
