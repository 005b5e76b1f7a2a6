internal import CCellarLZMA

/// Expands xz streams, and owns liblzma's state while it does.
///
/// Between streams and behind the last one there may be zeros, in multiples of four, as the format has it.
@safe
struct XZCodec: Codec, ~Copyable {
    /// The most memory a stream may ask for, in bytes.
    ///
    /// 128 MiB: level 9, the highest that Barman sets, needs 65 MiB; the format allows 4 GiB.
    static let memoryLimit: UInt64 = 128 << 20

    private var stream = unsafe lzma_stream()
    private var betweenStreams = false
    private var padding = 0

    init() throws(DecompressionError) {
        guard unsafe cellar_xz_init(&stream, Self.memoryLimit) == LZMA_OK else {
            throw DecompressionError(.outOfMemory, format: .xz, offset: 0)
        }
    }

    deinit {
        var stream = unsafe stream
        unsafe lzma_end(&stream)
    }

    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        if betweenStreams {
            let zeros = input.leadingZeros
            padding = (padding + zeros) % 4
            guard zeros == 0 else {
                return CodecStep(consumed: zeros, produced: 0, outcome: padding == 0 ? .streamEnd : .inside)
            }
            guard padding == 0 else { return CodecStep(consumed: 0, produced: 0, outcome: .fault(.corrupt)) }
            // A stream that is initialised anew keeps its memory.
            guard unsafe cellar_xz_init(&stream, Self.memoryLimit) == LZMA_OK else {
                return CodecStep(consumed: 0, produced: 0, outcome: .fault(.outOfMemory))
            }
            betweenStreams = false
        }
        let step = expand(input, into: &output)
        betweenStreams = step.outcome == .streamEnd
        return step
    }

    private mutating func expand(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        unsafe withPointers(input, &output) { input, output in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = input.count
            unsafe stream.next_out = output.baseAddress
            unsafe stream.avail_out = output.count
            let code = unsafe lzma_code(&stream, LZMA_RUN)
            return unsafe CodecStep(
                consumed: input.count - stream.avail_in,
                produced: output.count - stream.avail_out,
                outcome: outcome(code)
            )
        }
    }

    private func outcome(_ code: lzma_ret) -> CodecStep.Outcome {
        switch code {
        // LZMA_BUF_ERROR: nothing to read or no room to write, which the next step will have.
        case LZMA_OK, LZMA_BUF_ERROR: .inside
        case LZMA_STREAM_END: .streamEnd
        case LZMA_MEM_ERROR: .fault(.outOfMemory)
        case LZMA_MEMLIMIT_ERROR: .fault(.memoryLimitExceeded)
        case LZMA_FORMAT_ERROR: .fault(.notThisFormat)
        case LZMA_OPTIONS_ERROR, LZMA_UNSUPPORTED_CHECK: .fault(.unsupported)
        default: .fault(.corrupt)
        }
    }
}
