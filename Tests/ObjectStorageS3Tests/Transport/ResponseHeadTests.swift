import Testing

@testable import ObjectStorageS3

struct ResponseHeadTests {
    private func head(_ lines: [String]) throws(TransportFailure) -> ResponseHead {
        var head = ResponseHead()
        for line in lines { try head.take(Array("\(line)\r\n".utf8)) }
        return head
    }

    @Test
    func `reads status and fields`() throws {
        let head = try head(["HTTP/1.1 206 Partial Content", "ETag:  \"a\" ", "Content-Length: 12", ""])
        #expect(head.status == 206 && head.isComplete && head.contentLength == 12)
        #expect(head.fields.first == Header("etag", "\"a\""))
        #expect(head.isWhole(12) && !head.isWhole(11))
    }

    @Test
    func `passes over interim answers and trailers`() throws {
        let head = try head([
            "HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK", "Content-Length: 1", "", "Content-Length: 9",
        ])
        #expect(head.status == 200 && head.contentLength == 1)
    }

    @Test(arguments: [
        ["Content-Length: 1", "Content-Length: 2"], ["Content-Length: -1"], ["Content-Length: 1, 1"],
        ["Content-Length: 99999999999999999999999"], ["Content-Length:"], ["Content-Length: 0x1"],
        ["Transfer-Encoding: chunked", "Content-Length: 1"], ["Content-Length: 1", "Transfer-Encoding: chunked"],
    ])
    func `refuses framing that can be read in two ways`(lines: [String]) {
        let error = #expect(throws: TransportFailure.self) { try head(["HTTP/1.1 200 OK"] + lines) }
        #expect(error?.kind == .badFraming)
    }

    @Test
    func `takes a length that is said twice`() throws {
        #expect(try head(["HTTP/1.1 200 OK", "Content-Length: 3", "Content-Length: 3"]).contentLength == 3)
    }

    @Test(arguments: ["HTTP/1.1", "HTTP/1.1 abc", "HTTP/1.1 20 OK"])
    func `refuses a status line that is none`(line: String) {
        let error = #expect(throws: TransportFailure.self) { try head([line]) }
        #expect(error?.kind == .notHTTP)
    }

    @Test
    func `refuses a flood`() {
        let many = (0..<300).map { "X-\($0): 1" }
        let long = ["X: " + String(repeating: "x", count: 70_000)]
        for lines in [many, long] {
            let error = #expect(throws: TransportFailure.self) { try head(["HTTP/1.1 200 OK"] + lines) }
            #expect(error?.kind == .headTooLarge)
        }
    }

    @Test(arguments: [("bytes 0-9/10", 0, 10, 10), ("bytes 5-5/*", 5, 6, nil)] as [(String, Int64, Int64, Int64?)])
    func `reads what part an answer is`(text: String, lower: Int64, upper: Int64, size: Int64?) {
        #expect(ContentRange(text)?.bytes == lower..<upper)
        #expect(ContentRange(text)?.size == size)
    }

    @Test(arguments: [
        "", "bytes 9-0/10", "bytes 0-10/10", "bytes */10", "items 0-1/2", "bytes 0-9223372036854775807/*",
    ])
    func `refuses a part that cannot be`(text: String) {
        #expect(ContentRange(text) == nil)
    }
}
