/// Collects the status line and the header fields of an answer, and refuses framing that is ambiguous.
///
/// libcurl takes the last of two lengths and ignores one that is too long to parse; both are signs of an answer
/// that two readers would cut differently.
struct ResponseHead: Sendable {
    private(set) var status = 0
    private(set) var fields: [Header] = []

    /// The announced length of the body, nil where it is chunked or ends with the connection.
    private(set) var contentLength: Int64?

    /// Whether an empty line ended the fields of a final answer.
    private(set) var isComplete = false

    private var bytes = 0
    private var heads = 0
    private var isChunked = false

    /// Takes the next line, its line end included.
    mutating func take(_ line: [UInt8]) throws(TransportFailure) {
        bytes += line.count
        // 64 KiB, as other servers and proxies on the way allow no more; 256 fields, ten times what AWS sends.
        guard bytes <= 65536, fields.count <= 256 else {
            throw TransportFailure(.headTooLarge, "the header of the answer is larger than 64 KiB or 256 fields")
        }
        // Lines behind the body are trailers, which mean nothing to us.
        guard !isComplete else { return }
        let text = trimmed(line[...])
        if text.starts(with: "HTTP/".utf8) {
            try begin(text)
        } else if text.isEmpty {
            // An interim answer (100 Continue) is followed by another head.
            isComplete = status >= 200
        } else {
            try add(text)
        }
    }

    /// Whether a body of this many bytes is all that was announced.
    func isWhole(_ count: Int) -> Bool {
        contentLength.map { $0 == Int64(count) } ?? true
    }

    /// Whether the end of the body can be told from a connection that broke.
    var announcesEnd: Bool { isChunked || contentLength != nil }

    private mutating func begin(_ line: ArraySlice<UInt8>) throws(TransportFailure) {
        heads += 1
        let parts = line.split(separator: 0x20, maxSplits: 2)
        guard heads <= 16 else {
            throw TransportFailure(.headTooLarge, "the answer has more than 16 heads, one behind the other")
        }
        guard parts.count >= 2, parts[1].count == 3, let code = decimal(parts[1]) else {
            throw TransportFailure(.notHTTP, "the answer does not begin with one HTTP status line")
        }
        status = Int(code)
        fields = []
        contentLength = nil
        isChunked = false
    }

    private mutating func add(_ line: ArraySlice<UInt8>) throws(TransportFailure) {
        guard let colon = line.firstIndex(of: 0x3A) else { return }
        let name = lowercased(String(decoding: line[..<colon], as: UTF8.self))
        let value = trimmed(line[(colon + 1)...])
        if name == "content-length" {
            guard let length = decimal(value), contentLength ?? length == length else {
                throw TransportFailure(.badFraming, "the answer says its length twice, or not as a number")
            }
            contentLength = length
        } else if name == "transfer-encoding" {
            isChunked = true
        }
        guard !isChunked || contentLength == nil else {
            throw TransportFailure(.badFraming, "the answer says its length and comes in chunks as well")
        }
        fields.append(Header(name, String(decoding: value, as: UTF8.self)))
    }
}

/// The number that is written with nothing but digits, nil where there is none or it is too large.
func decimal(_ digits: some Collection<UInt8>) -> Int64? {
    decimal(Array(digits).span)
}

/// The number that is written with nothing but digits, nil where there is none or it is too large.
func decimal(_ digits: Span<UInt8>) -> Int64? {
    guard !digits.isEmpty else { return nil }
    var value: Int64 = 0
    for index in digits.indices {
        guard (0x30...0x39).contains(digits[index]) else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int64(digits[index] - 0x30))
        guard !overflow, !carry else { return nil }
        value = sum
    }
    return value
}

/// The bytes without ASCII white space at either end.
func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return [] }
    return bytes[first...last]
}
