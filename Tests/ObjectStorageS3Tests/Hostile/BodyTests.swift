import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Objects whose bytes are not those that were asked for.
struct BodyTests {
    private static let whole = Array("0123456789".utf8)

    @Test(arguments: ["bytes 0-3/10", "bytes 3-5/10", "bytes 2-6/10", "bytes 2-5/4", "bytes */10", "nonsense", "none"])
    func `48 a part that is another one is refused`(part: String) async throws {
        let headers = part == "none" ? [:] : ["Content-Range": part]
        let server = try Misbehaviour(.answer(206, headers, body: Self.whole[2..<6]))
        await server.expectFailure(.badResponse, requests: part == "none" ? 5 : 1) {
            _ = try await $0.store.get("k", range: 2..<6, limit: 100)
        }
    }

    @Test
    func `48 a whole object instead of a part is cut where it is small enough`() async throws {
        let server = try Misbehaviour(.answer(200, [:], body: Self.whole))
        #expect(try await server.store.get("k", range: 2..<6, limit: 100) == Array(Self.whole[2..<6]))
        await server.expectFailure(.tooLarge, requests: 2) { _ = try await $0.store.get("k", range: 2..<6, limit: 5) }
    }

    @Test
    func `50 bytes that are not those of the entity tag are asked for again`() async throws {
        // By md5sum.
        let good = ["ETag": "\"781e5e245d69b566979b86e28d23f2c7\""]
        let wrong = Self.whole.reversed()
        let server = try Misbehaviour(.answer(200, good, body: wrong), .answer(200, good, body: Self.whole))
        #expect(try await server.store.get("k", limit: 100) == Self.whole)
        #expect(server.server.questions.count == 2)
        await (try Misbehaviour(.answer(200, good, body: wrong)))
            .expectFailure(.badResponse, requests: 5, saying: "whose MD5 is the entity tag") {
                _ = try await $0.store.get("k", limit: 100)
            }
    }

    @Test(arguments: [
        ["ETag": "\"781e5e245d69b566979b86e28d23f2c8-2\""], ["ETag": "\"an opaque tag of 32 characters..\""],
        ["ETag": "W/\"781e5e245d69b566979b86e28d23f2c8\""], ["ETag": ""],
        ["ETag": "\"781e5e245d69b566979b86e28d23f2c8\"", "x-amz-server-side-encryption": "aws:kms"],
    ])
    func `50 an entity tag that is no digest of the bytes says nothing`(headers: [String: String]) async throws {
        let server = try Misbehaviour(.answer(200, headers, body: Self.whole))
        #expect(try await server.store.get("k", limit: 100) == Self.whole)
    }

    /// Checksums of `123456789`: those of the catalogue of CRCs, and those of sha1sum and sha256sum.
    @Test(arguments: [
        ["x-amz-checksum-crc32": "y/Q5Jg=="], ["x-amz-checksum-crc32c": "4waSgw=="],
        ["x-amz-checksum-crc64nvme": "rosUhgp5mIg="], ["x-amz-checksum-sha1": "98O8HYCOBHMq32eZZczDTKeuNEE="],
        ["x-amz-checksum-sha256": "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="],
    ])
    func `50 a checksum that a store sends is held against the bytes`(headers: [String: String]) async throws {
        let right = Array("123456789".utf8)
        let wrong = Array("123456788".utf8)
        let server = try Misbehaviour(.answer(200, headers, body: wrong), .answer(200, headers, body: right))
        #expect(try await server.store.get("k", limit: 100) == right)
        #expect(server.server.questions.count == 2)
        await (try Misbehaviour(.answer(200, headers, body: wrong)))
            .expectFailure(.badResponse, requests: 5, saying: headers.keys.first ?? "") {
                _ = try await $0.store.get("k", limit: 100)
            }
        // That of the parts' checksums.
        let parts = headers.mapValues { "\($0)-2" }
        let composite = headers.merging(["x-amz-checksum-type": "COMPOSITE"]) { $1 }
        for headers in [parts, composite] {
            let server = try Misbehaviour(.answer(200, headers, body: wrong))
            #expect(try await server.store.get("k", limit: 100) == wrong)
        }
    }

    @Test
    func `an object larger than its limit is not read to its end`() async throws {
        let head = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0, count: 65536) + Array("\r\n".utf8)
        let server = try Misbehaviour([.send(head), .sendForever(chunk)])
        await server.expectFailure(.tooLarge, requests: 1) { _ = try await $0.store.get("k", limit: 1000) }
        #expect(server.server.bytesSent < 16 << 20)
    }
}
