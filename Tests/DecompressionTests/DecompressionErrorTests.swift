import Decompression
import Testing

struct DecompressionErrorTests {
    @Test(arguments: [
        (DecompressionError.Kind.empty, "empty gzip data: expected at least a header, got 0 bytes"),
        (.notThisFormat, "not gzip data: the first bytes are not those of the format"),
        (.truncated, "truncated gzip data: it ends at byte 77 before its stream does"),
        (.corrupt, "corrupt gzip data at byte 77: a checksum or the structure does not hold"),
        (.trailingData, "trailing bytes behind the gzip data at byte 77: expected the end"),
        (.unsupported, "unsupported gzip data at byte 77: it needs a feature that cannot be read"),
        (.limitExceeded(16), "too much gzip data at byte 77: expected at most 16 bytes when expanded, got more"),
        (.implausibleRatio, "implausible gzip data at byte 77: it expands too far to be a backup"),
        (
            .memoryLimitExceeded,
            "unreadable gzip data at byte 77: it asks for more memory than any level of Barman's needs"
        ),
        (.outOfMemory, "cannot read gzip data at byte 77: out of memory"),
    ])
    func `says what, where, wanted and got`(kind: DecompressionError.Kind, message: String) {
        let error = DecompressionError(kind, format: .gzip, offset: 77)
        #expect(error.description == message)
        #expect(!error.hint.isEmpty && !error.hint.hasSuffix("."))
    }
}
