internal import CCellarLZ4

/// Expands LZ4 frames, skips skippable ones, and owns the library's state while it does.
///
/// Barman writes frames without a checksum of the content, and base backups without their length: a changed byte
/// in a block can then pass, and only what reads the result can tell.
@safe
struct LZ4Codec: Codec, ~Copyable {
    private let context: OpaquePointer

    init() throws(DecompressionError) {
        var context: OpaquePointer?
        let code = unsafe LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(code) == 0, let context = unsafe context else {
            throw DecompressionError(.outOfMemory, format: .lz4, offset: 0)
        }
        unsafe self.context = context
    }

    deinit {
        unsafe LZ4F_freeDecompressionContext(context)
    }

    func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        unsafe withPointers(input, &output) { input, output in
            // In: how much there is. Out: how much was used.
            var consumed = input.count
            var produced = output.count
            // 0 at the end of a frame whose bytes are all out; otherwise an error, or how much input would be nice.
            let code = unsafe LZ4F_decompress(
                context,
                output.baseAddress,
                &produced,
                input.baseAddress,
                &consumed,
                nil
            )
            guard LZ4F_isError(code) == 0 else {
                return CodecStep(consumed: 0, produced: 0, outcome: fault(code))
            }
            return CodecStep(consumed: consumed, produced: produced, outcome: code == 0 ? .streamEnd : .inside)
        }
    }

    private func fault(_ code: Int) -> CodecStep.Outcome {
        // The numbers are not part of the library's stable interface, the names are.
        switch unsafe String(cString: LZ4F_getErrorName(code)) {
        case "ERROR_frameType_unknown": .fault(.notThisFormat)
        case "ERROR_allocation_failed": .fault(.outOfMemory)
        case "ERROR_headerVersion_wrong", "ERROR_reservedFlag_set": .fault(.unsupported)
        default: .fault(.corrupt)
        }
    }
}
