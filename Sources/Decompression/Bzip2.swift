internal import CCellarBzip2

/// Expands bzip2 streams, and owns the library's state while it does.
@safe
struct Bzip2Codec: Codec, ~Copyable {
    // On the heap: the library refuses a stream that has moved since it was initialised.
    private let stream: UnsafeMutablePointer<bz_stream>
    private var betweenStreams = false

    init() throws(DecompressionError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: bz_stream())
        guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            unsafe stream.deallocate()
            throw DecompressionError(.outOfMemory, format: .bzip2, offset: 0)
        }
    }

    deinit {
        // Does nothing where a restart failed: the library looks at its state first.
        unsafe BZ2_bzDecompressEnd(stream)
        unsafe stream.deallocate()
    }

    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        if betweenStreams {
            // The library has no reset.
            unsafe BZ2_bzDecompressEnd(stream)
            guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
                return CodecStep(consumed: 0, produced: 0, outcome: .fault(.outOfMemory))
            }
            betweenStreams = false
        }
        let step = expand(input, into: &output)
        betweenStreams = step.outcome == .streamEnd
        return step
    }

    private func expand(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        unsafe withPointers(input, &output) { input, output in
            let inputCount = UInt32(clamping: input.count)
            let outputCount = UInt32(clamping: output.count)
            // Safe: the library reads from next_in and never writes to it.
            unsafe stream.pointee.next_in = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(input.baseAddress))?
                .assumingMemoryBound(to: CChar.self)
            unsafe stream.pointee.avail_in = inputCount
            unsafe stream.pointee.next_out = UnsafeMutableRawPointer(output.baseAddress)?
                .assumingMemoryBound(to: CChar.self)
            unsafe stream.pointee.avail_out = outputCount
            let code = unsafe BZ2_bzDecompress(stream)
            return unsafe CodecStep(
                consumed: Int(inputCount - stream.pointee.avail_in),
                produced: Int(outputCount - stream.pointee.avail_out),
                outcome: outcome(code)
            )
        }
    }

    private func outcome(_ code: Int32) -> CodecStep.Outcome {
        switch code {
        case BZ_OK: .inside
        case BZ_STREAM_END: .streamEnd
        case BZ_MEM_ERROR: .fault(.outOfMemory)
        case BZ_DATA_ERROR_MAGIC: .fault(.notThisFormat)
        default: .fault(.corrupt)
        }
    }
}
