import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Listings whose XML is an attack, damaged, or only unusual.
struct DocumentTests {
    private static let page = String.page(.entries("a", "b"))

    private func expectRefusal(
        _ document: some Sequence<UInt8>,
        _ text: String,
        headers: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let server = try Misbehaviour(.answer(200, headers, body: document))
        await server.expectFailure(.badResponse, requests: 1, saying: text, sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY b \"x\"><!ENTITY c \"&b;&b;&b;\">]>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>", "<!DOCTYPE a [<!ENTITY % b \"x\"> %b;]>",
        "<!DOCTYPE a>",
    ])
    func `12 a document type ends it, and nothing is loaded for it`(type: String) async throws {
        try await expectRefusal("\(type)<ListBucketResult>&b;</ListBucketResult>".utf8, "declares a document type")
    }

    @Test
    func `12 no address in a document is asked`() async throws {
        let other = try HostileServer { _ in .answer(200, [:], "<!ENTITY b \"x\">") }
        let type = "<!DOCTYPE a SYSTEM \"\(other.endpoint)/a.dtd\" [<!ENTITY b SYSTEM \"\(other.endpoint)/b\">]>"
        try await expectRefusal("\(type)<ListBucketResult>&b;</ListBucketResult>".utf8, "declares a document type")
        #expect(other.connections == 0)
    }

    @Test
    func `13 elements nested 100,000 deep end it`() async throws {
        try await expectRefusal(String(repeating: "<ListBucketResult>", count: 100_000).utf8, "nested deeper")
    }

    @Test(arguments: [
        ("text of 20 MB", "<Name>", "x", 20_000_000, "without a tag"),
        ("a name of 150 KB", "<x", "x", 150_000, "without a tag"),
        ("a comment of 20 MB", "<!--", "x", 20_000_000, "without a tag"),
        ("a million attributes", "<x", " a=\"\"", 1_000_000, "without a tag"),
        ("some attributes too many", "<x", "", 0, "attributes"),
    ])
    func `14 what is longer than anything in a listing ends it`(
        what: String,
        start: String,
        piece: String,
        count: Int,
        message: String
    ) async throws {
        let attributes = count == 0 ? (0..<40).map { " a\($0)=\"\"" }.joined() + "/>" : ""
        let text = String(repeating: piece, count: count) + attributes
        try await expectRefusal("<ListBucketResult>\(start)\(text)".utf8, message)
    }

    @Test
    func `14 an endless document is not read to its end`() async throws {
        let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<ListBucketResult>"
        let entry = Array(String(repeating: .entries("a"), count: 1000).utf8)
        let server = try Misbehaviour([.send(Array(head.utf8)), .sendForever(entry)])
        await server.expectFailure(.tooLarge, requests: 1, saying: "longer than 67108864 bytes")
        // The limit, and what the systems' buffers hold.
        #expect(server.server.bytesSent < 80 << 20)
    }

    @Test(arguments: ["\u{FEFF}", "\n", "\r\n \t", "\u{FEFF}\n"])
    func `15 white space and a byte order mark before the declaration are skipped`(head: String) async throws {
        try await Misbehaviour(.answer(200, [:], head + Self.page)).expectKeys(requests: 1)
        // Garage writes some of its errors so.
        let error = "\n<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code></Error>"
        await (try Misbehaviour(.answer(404, [:], head + error))).expectFailure(.noSuchBucket, requests: 1)
    }

    @Test(arguments: [
        Array("<ListBucketResult><Name>".utf8) + [0xFF, 0xFE] + Array("</Name></ListBucketResult>".utf8),
        Array("<?xml version=\"1.0\" encoding=\"UTF-16\"?><ListBucketResult></ListBucketResult>".utf8),
        Array("<ListBucketResult><Name>\u{1}</Name></ListBucketResult>".utf8),
        Array("<ListBucketResult><Name>&#1;</Name></ListBucketResult>".utf8),
    ])
    func `16 bytes that XML has not are refused with their place and a hint`(document: [UInt8]) async throws {
        let server = try Misbehaviour(.answer(200, [:], body: document))
        await server.expectFailure(.badResponse, requests: 1, saying: " at byte ", hint: "URL encoding")
    }

    @Test
    func `17 a compressed listing is expanded`() async throws {
        let zipped = try Gzip.compress(Array(Self.page.utf8))
        for name in ["gzip", "x-gzip", "GZIP"] {
            try await Misbehaviour(.answer(200, ["Content-Encoding": name], body: zipped)).expectKeys(requests: 1)
        }
        for name in ["br", "deflate", "gzip, gzip", "zstd"] {
            try await expectRefusal(zipped, "a listing without compression", headers: ["Content-Encoding": name])
        }
        try await expectRefusal(Array(zipped.dropLast(9)), "expands", headers: ["Content-Encoding": "gzip"])
    }

    @Test
    func `17 an object is delivered as it is stored`() async throws {
        let body = try Gzip.compress(Array("plain".utf8))
        let server = try Misbehaviour(.answer(200, ["Content-Encoding": "gzip"], body: body))
        #expect(try await server.store.get("k", limit: 1000) == body)
    }

    @Test(arguments: [1 << 20, 100 << 20])
    func `18 a compressed listing that bursts ends it`(size: Int) async throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0x20, count: size))
        try await expectRefusal(
            bomb,
            "expands from \(bomb.count) bytes to at most",
            headers: ["Content-Encoding": "gzip"]
        )
    }

    @Test
    func `29 a count that is wrong is noted, and another bucket is refused`() async throws {
        let content: String = .entries("a", "b")
        try await Misbehaviour(.listing("<KeyCount>7</KeyCount>\(content)")).expectKeys(requests: 1, suspicions: 1)
        try await Misbehaviour(.listing("<MaxKeys>7</MaxKeys>\(content)")).expectKeys(requests: 1)
        try await expectRefusal(String.page("<Name>other</Name>\(content)").utf8, "another bucket, other")
    }

    @Test(
        arguments: [
            ("", "a%2Bb"), ("<EncodingType>url</EncodingType>", "a+b"), ("<EncodingType>URL</EncodingType>", "a+b"),
        ] as [(String, ObjectKey)]
    )
    func `30 keys are decoded where the server says so, before or behind them`(
        field: String,
        key: ObjectKey
    ) async throws {
        try await Misbehaviour(.listing(field + .entries("a%2Bb"))).expectKeys([key], requests: 1)
        try await Misbehaviour(.listing(.entries("a%2Bb") + field)).expectKeys([key], requests: 1)
    }

    @Test
    func `31 a broken escape stays and is noted, over-long UTF-8 stays, a zero byte ends it`() async throws {
        let url = "<EncodingType>url</EncodingType>"
        try await Misbehaviour(.listing(url + .entries("a%", "a%ZZ")))
            .expectKeys(["a%", "a%ZZ"], requests: 1, suspicions: 1)
        try await Misbehaviour(.listing(url + .entries("a%C0%AF")))
            .expectKeys([ObjectKey(bytes: [0x61, 0xC0, 0xAF])], requests: 1)
        try await expectRefusal(String.page(url + .entries("a%00b")).utf8, "zero byte")
    }

    @Test
    func `32 every key comes as it is, and is asked for as it is`() async throws {
        let texts = [
            "../up", "/lead", "a\nb", "a b", "a%41", "a+b", "e\u{301}", "quote\"'<&>", "trail/", "\u{9B}31m", "\u{E9}",
            "\u{202E}x", String(repeating: "k", count: 1024),
        ]
        let keys = texts.map { ObjectKey($0) }.sorted()
        let encoded = keys.map { URIEncoding.encode($0.bytes, in: .query) }
        let entries = encoded.map { String.entries($0) }.joined()
        let server = try Misbehaviour(.listing("<EncodingType>url</EncodingType>\(entries)"))
        try await server.expectKeys(keys, requests: 1)
        for (index, key) in keys.enumerated() {
            _ = try await server.store.get(key, limit: 100_000)
            #expect(server.server.questions[index + 1].path == Array("/backups/".utf8) + key.bytes)
            #expect(!key.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }

    @Test(arguments: [
        "<Size>-1</Size>", "<Size>18446744073709551616</Size>", "<Size>12abc</Size>", "", "<Size></Size>",
    ])
    func `33 a size that is none ends it`(size: String) async throws {
        let rest = "<LastModified>2026-11-20T20:30:00.000Z</LastModified>"
        try await expectRefusal(String.page("<Contents><Key>a</Key>\(rest)\(size)</Contents>").utf8, "size")
    }

    @Test(arguments: ["", "<LastModified></LastModified>", "<LastModified>2026-13-45T00:00:00Z</LastModified>"])
    func `33 a time that is none ends it`(time: String) async throws {
        try await expectRefusal(String.page("<Contents><Key>a</Key>\(time)<Size>1</Size></Contents>").utf8, "time")
    }

    @Test(
        arguments: [
            ("&quot;d41d8&quot;", "d41d8"), ("d41d8", "d41d8"), ("", nil), ("W/&quot;d41d8&quot;", "d41d8"),
            ("&quot;d41d8-12&quot;", "d41d8-12"),
        ] as [(String, String?)]
    )
    func `34 every spelling of an entity tag is one tag`(text: String, tag: String?) async throws {
        let entry = String.entries("a").replacingOccurrences(of: "</Contents>", with: "<ETag>\(text)</ETag></Contents>")
        let server = try Misbehaviour(.listing(entry))
        #expect(try await server.store.list(ListRequest(prefix: "")).summary(at: 0).etag == tag)
    }

    @Test
    func `62 every way to write XML is read`() async throws {
        let document = """
            <?xml version="1.0"?><!-- c --><?pi?><s3:listBucket xmlns:s3="x"/>
            """
        await (try Misbehaviour(.answer(200, [:], document))).expectFailure(.badResponse, requests: 5)
        let good = """
            <?xml version="1.0"?><!-- c --><?pi x?><s3:ListBucketResult xmlns:s3="x"><?pi?><s3:IsTruncated a="1">false\
            </s3:IsTruncated> <s3:Contents><!-- c --><s3:Key><![CDATA[a]]></s3:Key><s3:Unknown><s3:Key>z</s3:Key>\
            </s3:Unknown><s3:Size>1</s3:Size><s3:LastModified>2026-11-20T20:30:00Z</s3:LastModified></s3:Contents>\
            \(String.entries("b&amp;"))</s3:ListBucketResult>
            """
        try await Misbehaviour(.answer(200, [:], good)).expectKeys(["a", "b&"], requests: 1)
    }
}

/// Debian's gzip.
enum Gzip {
    static func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        let file = try TemporaryFolder.make().appending(path: "plain")
        try Data(bytes).write(to: file)
        try ChildProcess("/bin/gzip", ["-9", "-n", file.path()]).wait()
        return try Array(Data(contentsOf: file.appendingPathExtension("gz")))
    }
}
