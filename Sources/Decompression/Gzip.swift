internal import CCellarZlib

/// Expands gzip members, and owns zlib's state while it does.
///
/// Zeros behind a member are padding, as for `gzip` and for Python. Tapes had them, some stores have them.
@safe
struct GzipCodec: Codec, ~Copyable {
    // On the heap: zlib refuses a stream that has moved since it was initialised.
    private let stream: UnsafeMutablePointer<z_stream>
    private var betweenMembers = false

    init() throws(DecompressionError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe cellar_gzip_init(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw DecompressionError(.outOfMemory, format: .gzip, offset: 0)
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        if betweenMembers {
            let padding = input.leadingZeros
            guard padding == 0 else { return CodecStep(consumed: padding, produced: 0, outcome: .streamEnd) }
            unsafe inflateReset(stream)
            betweenMembers = false
        }
        let step = inflate(input, into: &output)
        betweenMembers = step.outcome == .streamEnd
        return step
    }

    private func inflate(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        unsafe withPointers(input, &output) { input, output in
            let inputCount = UInt32(clamping: input.count)
            let outputCount = UInt32(clamping: output.count)
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = inputCount
            unsafe stream.pointee.next_out = output.baseAddress
            unsafe stream.pointee.avail_out = outputCount
            let code = unsafe CCellarZlib.inflate(stream, Z_NO_FLUSH)
            return unsafe CodecStep(
                consumed: Int(inputCount - stream.pointee.avail_in),
                produced: Int(outputCount - stream.pointee.avail_out),
                outcome: outcome(code)
            )
        }
    }

    private func outcome(_ code: Int32) -> CodecStep.Outcome {
        switch code {
        // Z_BUF_ERROR: nothing to read or no room to write, which the next step will have.
        case Z_OK, Z_BUF_ERROR: .inside
        case Z_STREAM_END: .streamEnd
        case Z_MEM_ERROR: .fault(.outOfMemory)
        // zlib has one code for all: a fault in the first two bytes is a wrong magic number.
        case Z_DATA_ERROR where unsafe stream.pointee.total_in <= 2: .fault(.notThisFormat)
        default: .fault(.corrupt)
        }
    }
}

extension Span<UInt8> {
    /// How many zeros the bytes begin with.
    var leadingZeros: Int {
        var count = 0
        while count < self.count, self[count] == 0 { count += 1 }
        return count
    }
}
