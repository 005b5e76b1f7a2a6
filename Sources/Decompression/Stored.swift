/// Passes on bytes that are not compressed, so that whoever reads an object need not ask.
struct Stored: Codec {
    mutating func step(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> CodecStep {
        unsafe withPointers(input, &output) { input, output in
            let count = min(input.count, output.count)
            unsafe _ = output.update(from: input.prefix(count))
            return CodecStep(consumed: count, produced: count, outcome: .streamEnd)
        }
    }
}
