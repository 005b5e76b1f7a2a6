import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Answers that are not what HTTP or S3 calls one.
///
/// The numbers in these and the neighbouring suites are those of the project's catalogue of bad servers; a few of
/// its rows are held in the suites of the parts they concern.
struct FramingTests {
    private static let page = String.page(.entries("a", "b"))
    private static let cut = String(page.dropLast(30))

    @Test
    func `01 a document that was cut within an element is asked for again`() async throws {
        try await Misbehaviour(.answer(200, [:], Self.cut), Misbehaviour.good).expectKeys(requests: 2)
        await Self.expectBadResponse(.answer(200, [:], Self.cut), requests: 5, "not well-formed XML")
        // Nothing of a page that is not whole is delivered, wherever it ends.
        for count in stride(from: 0, to: Self.page.utf8.count, by: 7) {
            let bad = try Misbehaviour(.answer(200, [:], String(Self.page.prefix(count)))) { $0.maxAttempts = 1 }
            await bad.expectFailure(.badResponse, requests: 1)
        }
    }

    @Test
    func `02 a document without a length that was cut is asked for again`() async throws {
        let bad: [HostileServer.Step] = .raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\(Self.cut)")
        try await Misbehaviour(bad, Misbehaviour.good).expectKeys(requests: 2)
        await Self.expectBadResponse(bad, requests: 5, "not well-formed XML")
    }

    @Test
    func `03 a body shorter than its length is asked for again`() async throws {
        let bad: [HostileServer.Step] = .raw("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n\(Self.page)")
        try await Misbehaviour(bad, Misbehaviour.good).expectKeys(requests: 2)
        await Self.expectBadResponse(bad, requests: 5, "was cut")
    }

    @Test
    func `04 of a body longer than its length the announced part counts, and the connection no more`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(Self.page.utf8.count)\r\n\r\n"
        let rest = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"
        let long = try Misbehaviour([.send(Array((head + Self.page + rest).utf8))], Misbehaviour.good)
        try await long.expectKeys(requests: 1)
        try await long.expectKeys(requests: 2)
        #expect(long.server.connections == 2)
        let short = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n"
        try await Misbehaviour([.send(Array((short + Self.page).utf8))], Misbehaviour.good).expectKeys(requests: 2)
    }

    @Test(arguments: [
        "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1", "Content-Length: 12345678901234567890123",
        "Content-Length: 5, 5", "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 0x5",
    ])
    func `05 a length that is said twice or is no number ends it, and the connection`(lengths: String) async throws {
        let bad: [HostileServer.Step] = [.send(Array("HTTP/1.1 200 OK\r\n\(lengths)\r\n\r\n12345".utf8))]
        let server = try Misbehaviour(bad, Misbehaviour.good)
        await server.expectFailure(.badResponse, requests: 1, saying: "breaks HTTP", hint: "proxy")
        try await server.expectKeys(requests: 2)
        #expect(server.server.connections == 2)
    }

    @Test(arguments: ["zz\r\n", "10\r\n\(page)", "\(String(page.utf8.count, radix: 16))\r\n\(page)\r\n"])
    func `06 chunks that are wrong or do not end are asked for again`(chunks: String) async throws {
        let bad: [HostileServer.Step] = .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)")
        try await Misbehaviour(bad, Misbehaviour.good).expectKeys(requests: 2)
        let server = try Misbehaviour(bad)
        let error = await #expect(throws: ObjectStoreError.self) { try await server.listing() }
        #expect(error.map { [.network, .badResponse].contains($0.code) } == true)
        #expect(server.server.questions.count == 5)
    }

    @Test(
        arguments: [
            [.reset], [.close], .raw("HTTP/1.1 200 OK\r\nContent-Length: 1"),
            [.send(Array("HTTP/1.1 200 OK\r\nContent-".utf8)), .reset],
            [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n\(cut)".utf8)), .reset],
        ] as [[HostileServer.Step]]
    )
    func `07 a reset is asked for again`(bad: [HostileServer.Step]) async throws {
        try await Misbehaviour(bad, Misbehaviour.good).expectKeys(requests: 2)
        let server = try Misbehaviour(bad)
        let error = await #expect(throws: ObjectStoreError.self) { try await server.listing() }
        #expect(error.map { [.network, .badResponse].contains($0.code) } == true)
        #expect(server.server.questions.count == 5)
    }

    @Test(arguments: ["H", "HTTP", "HTTP/1.1", "HTTP/1.1 2", "HTTP/1.1 20", "HTTP/1.1 200"])
    func `07 an answer that ends within its status line is asked for again`(start: String) async throws {
        try await Misbehaviour(.raw(start), Misbehaviour.good).expectKeys(requests: 2)
    }

    @Test(arguments: [[.reset], [.close]] as [[HostileServer.Step]])
    func `07 a connection that died in between is made anew`(end: [HostileServer.Step]) async throws {
        let server = try Misbehaviour { $0.number == 1 ? end : Misbehaviour.good }
        _ = try await server.listing()
        _ = try await server.listing()
        #expect(server.server.questions.count == 3 && server.server.connections > 1)
    }

    @Test
    func `08 an error in an answer of success is one`() async throws {
        let slow: [HostileServer.Step] = .error(200, "SlowDown")
        try await Misbehaviour(slow, Misbehaviour.good).expectKeys(requests: 2)
        await (try Misbehaviour(slow)).expectFailure(.throttled, requests: 8)
        await (try Misbehaviour(.error(200, "InternalError"))).expectFailure(.server, requests: 5)
        await (try Misbehaviour(.error(200, "AccessDenied"))).expectFailure(.accessDenied, requests: 1)
    }

    @Test
    func `09 a web page is asked for once more, and shown without what a terminal obeys`() async throws {
        let page: [HostileServer.Step] = .answer(
            200,
            ["Content-Type": "text/html; charset=utf-8"],
            "<!DOCTYPE html><title>\u{1B}[31mLog in</title>"
        )
        try await Misbehaviour(page, Misbehaviour.good).expectKeys(requests: 2)
        await Self.expectBadResponse(
            page,
            requests: 2,
            "an HTML page (status 200, text/html; charset=utf-8, \"<!DOCTYPE html><title>\\u{1B}[31mLog in</title>\")"
        )
    }

    @Test
    func `10 an empty listing document is asked for again`() async throws {
        try await Misbehaviour(.answer(200), Misbehaviour.good).expectKeys(requests: 2)
        await Self.expectBadResponse(.answer(200), requests: 5, "the document is empty")
    }

    @Test(arguments: [204, 206])
    func `11 another status of success is none for a listing`(status: Int) async throws {
        let head = "HTTP/1.1 \(status) Told\r\n" + (status == 204 ? "\r\n" : "Content-Length: 0\r\n\r\n")
        await Self.expectBadResponse([.send(Array(head.utf8))], requests: 1, "wanted 200, got status \(status)")
    }

    @Test
    func `45 a flood of header fields is not read to its end`() async throws {
        let field = Array("X-Flood: \(String(repeating: "x", count: 1000))\r\n".utf8)
        let server = try Misbehaviour([.send(Array("HTTP/1.1 200 OK\r\n".utf8)), .sendForever(field)])
        await server.expectFailure(.badResponse, requests: 1, saying: "larger than 64 KiB")
        await Self.expectBadResponse(
            [.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)), .sendForever(Array("HTTP/1.1 100 C\r\n\r\n".utf8))],
            requests: 1,
            "HTTP"
        )
        let line = Array("Server: \(String(repeating: "x", count: 1 << 20))\r\n".utf8)
        await Self.expectBadResponse(
            [.send(Array("HTTP/1.1 200 OK\r\n".utf8) + line + Array("Content-Length: 0\r\n\r\n".utf8))],
            requests: 1,
            "breaks HTTP"
        )
        // What the systems' buffers hold is all that was sent.
        #expect(server.server.bytesSent < 16 << 20)
    }

    @Test
    func `46 a line break in a token stays in the query`() async throws {
        let token = "<NextContinuationToken>t&#13;&#10;X-Evil: 1&#13;&#10;</NextContinuationToken>"
        let server = try Misbehaviour(.listing(.entries("a") + token, isTruncated: true), .listing(.entries("b")))
        try await server.expectKeys(requests: 2)
        let question = try #require(server.server.questions.last)
        #expect(question.target.contains("continuation-token=t%0D%0AX-Evil%3A%201%0D%0A"))
        #expect(question.headers["x-evil"] == nil)
    }

    @Test
    func `46 a line break in an entity tag ends the header field`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nLast-Modified: Fri, 20 Nov 2026 20:30:00 GMT\r\n"
        let server = try Misbehaviour([.send(Array("\(head)ETag: \"a\r\nX: b\"\r\n\r\n".utf8))])
        #expect(try await server.store.head("k").etag == "\"a")
    }

    @Test
    func `47 the body of an answer to HEAD is nobody's next answer`() async throws {
        let head = "HTTP/1.1 200 OK\r\nLast-Modified: Fri, 20 Nov 2026 20:30:00 GMT\r\n"
        let body = "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"
        let server = try Misbehaviour([.send(Array("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))])
        for _ in 0..<3 { #expect(try await server.store.head("k").size == Int64(body.utf8.count)) }
    }

    private static func expectBadResponse(
        _ bad: [HostileServer.Step],
        requests: Int,
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        do {
            let server = try Misbehaviour(bad)
            await server.expectFailure(
                .badResponse,
                requests: requests,
                saying: text,
                sourceLocation: sourceLocation
            )
        } catch {
            Issue.record(error, sourceLocation: sourceLocation)
        }
    }
}
