/// Expands compressed bytes as they arrive, through a buffer of fixed size.
///
/// Feed the object in pieces of any size, and ask with ``finish()`` whether it was whole:
///
/// ```swift
/// var decompressor = try Decompressor(.gzip, limit: 16 << 20)
/// for try await chunk in body {
///     try decompressor.expand(chunk.span, appendingTo: &segment)
/// }
/// try decompressor.finish()
/// ```
///
/// What was given out before an error is as it came from the codec: bytes of a block whose checksum had not yet
/// been seen. Only ``finish()`` without an error makes it good.
public struct Decompressor: ~Copyable {
    /// The format of the compressed bytes.
    public let format: CompressionFormat

    /// The most plain bytes that are given out.
    public let limit: Int

    /// The compressed bytes read so far.
    public private(set) var compressedCount = 0

    /// The plain bytes given out so far.
    public private(set) var expandedCount = 0

    /// The most plain bytes that are given out at once.
    ///
    /// 65,536: also the most that one chunk of the Snappy framing format may expand to.
    static let outputCapacity = 65_536

    private var codec: any Codec & ~Copyable
    private var buffer = [UInt8](repeating: 0, count: outputCapacity)
    private var ratio: RatioGuard
    private var streams = 0
    private var standing: Standing = .atStart
    private var failure: DecompressionError?

    private enum Standing {
        case atStart, inside, streamEnd
    }

    /// A decompressor that gives out at most `limit` bytes.
    public init(_ format: CompressionFormat, limit: Int) throws(DecompressionError) {
        try self.init(format, limit: limit, ratio: RatioGuard())
    }

    package init(_ format: CompressionFormat, limit: Int, ratio: RatioGuard) throws(DecompressionError) {
        self.codec = try makeCodec(format)
        self.format = format
        self.limit = limit
        self.ratio = ratio
    }

    /// Expands the next piece of the object, and gives the plain bytes to `output` in pieces of at most 64 KiB.
    ///
    /// Where the limit lies inside of what the piece expands to, everything up to the limit is given out first.
    /// After an error, every further call throws the same one.
    public mutating func expand(
        _ input: Span<UInt8>,
        _ output: (Span<UInt8>) -> Void
    ) throws(DecompressionError) {
        if let failure { throw failure }
        var rest = input
        var bufferWasFilled = false
        while !rest.isEmpty || (bufferWasFilled && standing == .inside) {
            let step = codec.step(rest, into: &buffer)
            rest = rest.extracting(step.consumed...)
            compressedCount += step.consumed
            bufferWasFilled = step.produced == buffer.count
            if step.produced > 0 {
                try deliver(step.produced, output)
            }
            try settle(step, stuck: step.consumed == 0 && step.produced == 0 && !rest.isEmpty)
        }
    }

    /// Expands the next piece of the object, and appends the plain bytes to `output`.
    public mutating func expand(
        _ input: Span<UInt8>,
        appendingTo output: inout [UInt8]
    ) throws(DecompressionError) {
        try expand(input) { plain in
            unsafe plain.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
        }
    }

    /// Ends the input, and throws where it was not whole.
    ///
    /// No input at all is whole for ``CompressionFormat/none`` only. Snappy's framing format and LZ4 frames one
    /// behind the other have no mark at the end of the object: if it was cut between two chunks, or between two
    /// frames, only its expected length can tell.
    public consuming func finish() throws(DecompressionError) {
        if let failure { throw failure }
        switch standing {
        case .streamEnd: return
        case .atStart:
            if format == .none { return }
            throw DecompressionError(.empty, format: format, offset: 0)
        case .inside: throw DecompressionError(.truncated, format: format, offset: compressedCount)
        }
    }

    /// Gives out the first `count` bytes of the buffer, as far as the limits allow.
    private mutating func deliver(_ count: Int, _ output: (Span<UInt8>) -> Void) throws(DecompressionError) {
        let allowed = min(count, limit - expandedCount)
        if allowed > 0 {
            output(buffer.span.extracting(0..<allowed))
            expandedCount += allowed
        }
        guard allowed == count else { throw fail(.limitExceeded(limit)) }
        guard ratio.allows(expandedCount, from: compressedCount) else { throw fail(.implausibleRatio) }
    }

    /// Takes note of where the codec stands.
    private mutating func settle(_ step: CodecStep, stuck: Bool) throws(DecompressionError) {
        switch step.outcome {
        case .fault(.notThisFormat) where streams > 0: throw fail(.trailingData)
        case .fault(let kind): throw fail(kind)
        case .streamEnd:
            streams += 1
            standing = .streamEnd
        case .inside: standing = .inside
        }
        // No codec should leave input and take nothing of it. If one does, this loop must not run for ever.
        if stuck { throw fail(.corrupt) }
    }

    private mutating func fail(_ kind: DecompressionError.Kind) -> DecompressionError {
        let error = DecompressionError(kind, format: format, offset: compressedCount)
        failure = error
        return error
    }
}

/// Expands a whole object in memory.
///
/// - Parameters:
///   - bytes: The object as it lies in the store.
///   - format: What its key says it is.
///   - limit: The most bytes it may expand to; for a WAL segment, the cluster's segment size.
/// - Returns: The plain bytes, at most `limit` of them.
public func decompress(
    _ bytes: Span<UInt8>,
    format: CompressionFormat,
    limit: Int
) throws(DecompressionError) -> [UInt8] {
    var plain: [UInt8] = []
    var decompressor = try Decompressor(format, limit: limit)
    try decompressor.expand(bytes, appendingTo: &plain)
    try decompressor.finish()
    return plain
}

/// Expands a whole object that lies in an array.
///
/// The same as for a span of its bytes.
public func decompress(
    _ bytes: [UInt8],
    format: CompressionFormat,
    limit: Int
) throws(DecompressionError) -> [UInt8] {
    try decompress(bytes.span, format: format, limit: limit)
}

private func makeCodec(_ format: CompressionFormat) throws(DecompressionError) -> any Codec & ~Copyable {
    switch format {
    case .none: Stored()
    case .gzip: try GzipCodec()
    case .bzip2: try Bzip2Codec()
    case .xz: try XZCodec()
    case .snappy: SnappyCodec()
    case .zstd: try ZstdCodec()
    case .lz4: try LZ4Codec()
    }
}
