/// One library's way to expand a format, in steps of bounded size.
///
/// A codec reads any number of streams one behind the other, as the format's own program does. It is asked no
/// further once it has reported a fault.
protocol Codec: ~Copyable {
    /// Expands from the front of `input` into the front of `output`, and says how far it came.
    ///
    /// Neither side may be assumed to be large, except that `output` has at least
    /// ``Decompressor/outputCapacity`` bytes. A codec at the end of a stream is only called with input.
    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep
}

extension Codec where Self: ~Copyable {
    /// Expands from the front of `input` into the front of `buffer`, as much as there is of it.
    mutating func step(_ input: Span<UInt8>, into buffer: inout [UInt8]) -> CodecStep {
        var output = buffer.mutableSpan
        return step(input, into: &output)
    }
}

/// How far one step of a codec came.
struct CodecStep {
    /// The bytes read from the front of the input.
    var consumed: Int

    /// The bytes written to the front of the output.
    var produced: Int

    /// Where the codec stands now.
    var outcome: Outcome

    enum Outcome: Equatable {
        /// In a stream: more input, or more room for output, is needed.
        case inside
        /// Behind a complete stream, whose every byte has been given out.
        case streamEnd
        /// Stuck for good.
        case fault(DecompressionError.Kind)
    }
}

/// Lends both ends of a step to C.
///
/// The pointers are valid while `body` runs. They are nil where a span is empty, which every one of our
/// libraries accepts together with a length of zero.
func withPointers<Result>(
    _ input: Span<UInt8>,
    _ output: inout MutableSpan<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Result
) -> Result {
    unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe input.withUnsafeBufferPointer { input in unsafe body(input, output) }
    }
}
