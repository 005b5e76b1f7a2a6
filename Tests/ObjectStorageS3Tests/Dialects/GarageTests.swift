import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Garage's answers, after its source of v1.2.0 and v2.0.0 (`src/api/s3`); no Garage was run.
@Suite("S3Dialect: Garage")
struct GarageTests {
    private static func error(_ status: Int, _ code: String, _ message: String) -> [HostileServer.Step] {
        .answer(
            status,
            ["Content-Type": "application/xml"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>\(code)</Code><Message>\(message)</Message>"
                + "<Resource>/backups</Resource><Region>garage</Region></Error>"
        )
    }

    @Test
    func `slashes and spaces are percent-encoded, tokens are its own`() async throws {
        let first = """
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
            <Name>backups</Name><Prefix>a%2F</Prefix><EncodingType>url</EncodingType><MaxKeys>1000</MaxKeys>\
            <IsTruncated>true</IsTruncated><NextContinuationToken>]YS9iIGM=</NextContinuationToken><KeyCount>1</KeyCount>\
            <Contents><Key>a%2Fb%20c</Key><LastModified>2026-11-20T20:30:00.123Z</LastModified>\
            <ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>7</Size>\
            <StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>
            """
        let last = """
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
            <Name>backups</Name><Prefix>a%2F</Prefix><EncodingType>url</EncodingType><MaxKeys>1000</MaxKeys>\
            <IsTruncated>false</IsTruncated><ContinuationToken>]YS9iIGM=</ContinuationToken><KeyCount>0</KeyCount>\
            </ListBucketResult>
            """
        let server = try Misbehaviour(.answer(200, [:], first), .answer(200, [:], last))
        #expect(try await server.listing("a/").keys == ["a/b c"])
        #expect(server.server.questions[1].target.contains("continuation-token=%5DYS9iIGM%3D"))
    }

    @Test
    func `its region is taken from the error, and asked for from then on`() async throws {
        let scope = "Authorization header malformed, unexpected scope: 20261120/us-east-1/s3/aws4_request"
        let server = try Misbehaviour(
            Self.error(400, "AuthorizationHeaderMalformed", scope),
            Misbehaviour.good,
            Misbehaviour.good
        )
        try await server.expectKeys(requests: 2)
        try await server.expectKeys(requests: 3)
        #expect(server.server.questions[2].headers["authorization"]?.contains("/garage/s3/") == true)
    }

    @Test
    func `a date that is too old is a wrong clock`() async throws {
        let refused = Self.error(400, "InvalidRequest", "Bad request: Date is too old")
        guard case .send(let bytes) = refused[0] else { return }
        let text = String(decoding: bytes, as: UTF8.self)
            .replacing("\r\nContent-Type", with: "\r\nDate: Fri, 20 Nov 2026 20:30:00 GMT\r\nContent-Type")
        var world = S3World.impatient
        world.clock = { 1_795_206_600_000_000 - 2 * 86400 * 1_000_000 }
        try await Misbehaviour([.send([UInt8](text.utf8))], Misbehaviour.good, world: world).expectKeys(requests: 2)
    }

    @Test(
        arguments: [
            (403, "AccessDenied", "Forbidden: No such key: GKcanary", .accessDenied, 1),
            (403, "AccessDenied", "Forbidden: Invalid signature", .accessDenied, 1),
            (404, "NoSuchBucket", "Bucket not found: backups", .noSuchBucket, 1),
            (400, "InvalidRequest", "Bad request: Invalid continuation token", .badResponse, 1),
            (501, "NotImplemented", "Unimplemented action: ListObjectVersions", .unsupported, 1),
            (503, "ServiceUnavailable", "Could not reach quorum of 2. 1 of 3 request succeeded", .server, 5),
            (500, "InternalError", "Internal error: version deleted between tables", .server, 5),
        ] as [(Int, String, String, ObjectStoreError.Code, Int)]
    )
    func `errors have a kind and are tried as often as may help`(
        status: Int,
        code: String,
        message: String,
        wanted: ObjectStoreError.Code,
        requests: Int
    ) async throws {
        let server = try Misbehaviour(Self.error(status, code, message.replacing("canary", with: "31c2f218a2e44f48")))
        await server.expectFailure(wanted, requests: requests, saying: code)
    }

    @Test
    func `the error it writes when it cannot write errors begins with a line end`() async throws {
        let text =
            "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n\t<Code>InternalError</Code>\n\t"
            + "<Message>XML encoding of error failed</Message>\n</Error>\n"
        await (try Misbehaviour(.answer(500, [:], text))).expectFailure(.server, requests: 5, saying: "InternalError")
    }

    @Test
    func `a key that was never there is deleted`() async throws {
        let answer =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Deleted><Key>a</Key>"
            + "<VersionId>null</VersionId></Deleted><Error><Code>NoSuchKey</Code><Key>b</Key>"
            + "<Message>Key not found</Message></Error></DeleteResult>"
        let server = try Misbehaviour(.answer(200, [:], answer))
        #expect(try await server.store.delete(["a", "b"]) == [.deleted, .deleted])
        // It refuses any child of <Delete> but these, text included.
        #expect(
            String(decoding: server.server.questions[0].body, as: UTF8.self).hasSuffix(
                "><Object><Key>a</Key></Object><Object><Key>b</Key></Object><Quiet>false</Quiet></Delete>"
            )
        )
    }

    @Test
    func `an answer to HEAD has no body to explain it`() async throws {
        let server = try Misbehaviour([.send(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 180\r\n\r\n".utf8))])
        await server.expectFailure(.noSuchKey, requests: 1) { _ = try await $0.store.head("k") }
    }
}
