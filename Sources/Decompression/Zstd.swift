internal import CCellarZstd

/// Expands Zstandard frames, skips skippable ones, and owns the library's state while it does.
@safe
struct ZstdCodec: Codec, ~Copyable {
    /// The largest window a frame may ask for, as the power of two.
    ///
    /// 27, which is 128 MiB: what level 22, the highest that Barman sets, writes, and what `zstd` accepts.
    static let windowLogLimit: Int32 = 27

    // ZSTD_FRAMEHEADERSIZE_MAX.
    private static let longestHeader = 18

    private let context: OpaquePointer
    /// The bytes of the frame that were read, up to the longest header.
    private var headerCount = 0

    init() throws(DecompressionError) {
        guard let context = unsafe ZSTD_createDCtx() else {
            throw DecompressionError(.outOfMemory, format: .zstd, offset: 0)
        }
        let code = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLogLimit)
        guard ZSTD_isError(code) == 0 else {
            unsafe ZSTD_freeDCtx(context)
            throw DecompressionError(.unsupported, format: .zstd, offset: 0)
        }
        unsafe self.context = context
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        // Byte by byte through the header. Debian's library has decoders for the formats before 1.0 in it, which
        // nobody writes any more and which are little tested; it takes to them where a piece of input begins with
        // their four bytes and the header so far is not one of today's.
        let isHeader = headerCount < Self.longestHeader
        let step = expand(isHeader ? input.extracting(first: 1) : input, into: &output)
        if isHeader { headerCount += step.consumed }
        if step.outcome == .streamEnd { headerCount = 0 }
        return step
    }

    private func expand(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        unsafe withPointers(input, &output) { input, output in
            var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            // 0 at the end of a frame whose bytes are all out; otherwise an error, or how much input would be nice.
            let code = unsafe ZSTD_decompressStream(context, &target, &source)
            return unsafe CodecStep(consumed: source.pos, produced: target.pos, outcome: outcome(code))
        }
    }

    private func outcome(_ code: Int) -> CodecStep.Outcome {
        guard ZSTD_isError(code) != 0 else { return code == 0 ? .streamEnd : .inside }
        return switch ZSTD_getErrorCode(code) {
        case ZSTD_error_prefix_unknown: .fault(.notThisFormat)
        case ZSTD_error_memory_allocation: .fault(.outOfMemory)
        case ZSTD_error_frameParameter_windowTooLarge: .fault(.memoryLimitExceeded)
        case ZSTD_error_version_unsupported, ZSTD_error_frameParameter_unsupported, ZSTD_error_dictionary_wrong:
            .fault(.unsupported)
        default: .fault(.corrupt)
        }
    }
}
