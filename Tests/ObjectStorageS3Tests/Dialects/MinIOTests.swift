import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// MinIO's answers, after its source (`cmd/api-response.go`, `api-errors.go`); no MinIO was run.
@Suite("S3Dialect: MinIO")
struct MinIOTests {
    private static func error(
        _ status: Int,
        _ code: String,
        _ message: String,
        headers: [String: String] = [:]
    ) -> [HostileServer.Step] {
        let all = ["Content-Type": "application/xml", "Server": "MinIO", "X-Amz-Request-Id": "17A1B2C3D4E5F607"]
        return .answer(
            status,
            all.merging(headers) { $1 },
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message>"
                + "<BucketName>backups</BucketName><Resource>/backups</Resource>"
                + "<RequestId>17A1B2C3D4E5F607</RequestId><HostId>dd9025bab4ad464b</HostId></Error>"
        )
    }

    @Test
    func `spaces are plus signs, tildes escaped, and the encoding is told behind the keys`() async throws {
        let token = "YS9iIGNbbWluaW9fY2FjaGU6djIsaWQ6LHA6MCxzOjBd"
        let first = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>backups</Name><Prefix></Prefix>\
            <NextContinuationToken>\(token)</NextContinuationToken><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>\
            <IsTruncated>true</IsTruncated><Contents><Key>a/b+c%7E</Key>\
            <LastModified>2026-11-20T20:30:00.123Z</LastModified><ETag>&#34;d41d8cd98f00b204e9800998ecf8427e&#34;</ETag>\
            <Size>7</Size><StorageClass>STANDARD</StorageClass></Contents><Contents><Key>a/c%2Bd</Key>\
            <LastModified>2026-11-20T20:30:00.123Z</LastModified><Size>7</Size></Contents>\
            <EncodingType>url</EncodingType></ListBucketResult>
            """
        let last =
            "<ListBucketResult><IsTruncated>false</IsTruncated>"
            + "<ContinuationToken>\(token)</ContinuationToken></ListBucketResult>"
        let server = try Misbehaviour(.answer(200, [:], first), .answer(200, [:], last))
        #expect(try await server.listing().keys == ["a/b c~", "a/c+d"])
    }

    @Test
    func `a start outside of the prefix, which it answers with 501, is never sent`() async throws {
        let server = try Misbehaviour(.listing(.entries("b/1")))
        _ = try await server.listing("b/", after: "a")
        #expect(server.server.questions[0].query["start-after"] == nil)
    }

    @Test(
        arguments: [
            (403, "InvalidAccessKeyId", "The Access Key Id you provided does not exist", .accessDenied, 1),
            (403, "SignatureDoesNotMatch", "The request signature we calculated does not match", .accessDenied, 1),
            (403, "RequestTimeTooSkewed", "The difference between the request time and", .clockSkew, 1),
            (404, "NoSuchBucket", "The specified bucket does not exist", .noSuchBucket, 1),
            (501, "NotImplemented", "A header you provided implies functionality", .unsupported, 1),
            (503, "XMinioServerNotInitialized", "Server not initialized yet, please try again.", .server, 5),
            (503, "ServerBusy", "The service is unavailable. Please retry.", .server, 5),
            (
                400, "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region is wrong; expecting 'eu'", .wrongRegion, 1
            ),
        ] as [(Int, String, String, ObjectStoreError.Code, Int)]
    )
    func `errors have a kind and are tried as often as may help`(
        status: Int,
        code: String,
        message: String,
        wanted: ObjectStoreError.Code,
        requests: Int
    ) async throws {
        let server = try Misbehaviour(Self.error(status, code, message))
        await server.expectFailure(wanted, requests: requests, saying: "\(code): \(message.prefix(30))")
    }

    @Test(arguments: [(503, "SlowDownRead"), (503, "SlowDownWrite"), (503, "SlowDown"), (429, "TooManyRequests")])
    func `it always asks to wait for a minute`(status: Int, code: String) async throws {
        let server = try Misbehaviour(
            Self.error(status, code, "Resource requested is unreadable, please reduce", headers: ["Retry-After": "60"])
        )
        await server.expectFailure(.throttled, requests: 8, saying: code)
        #expect(server.waits.all == Array(repeating: 60, count: 7))
    }

    @Test
    func `an error of HEAD stands in headers`() async throws {
        let head =
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nX-Minio-Error-Code: NoSuchKey\r\n"
            + "X-Minio-Error-Desc: \"The specified key does not exist.\"\r\n\r\n"
        let server = try Misbehaviour([.send(Array(head.utf8))])
        await server.expectFailure(.noSuchKey, requests: 1) { _ = try await $0.store.head("k") }
    }

    @Test
    func `a deletion without the digest it wants goes on one by one`() async throws {
        let server = try Misbehaviour(
            Self.error(400, "MissingContentMD5", "Missing required header for this request: Content-Md5."),
            [.send(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))]
        )
        #expect(try await server.store.delete(["a", "b"]) == [.deleted, .deleted])
        #expect(server.server.questions.map(\.method) == ["POST", "DELETE", "DELETE"])
        #expect(server.server.questions[0].headers["content-md5"] != nil)
    }

    @Test
    func `a bucket with versions makes a marker`() async throws {
        let answer =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult><Deleted><DeleteMarker>true</DeleteMarker>"
            + "<DeleteMarkerVersionId>5f3c</DeleteMarkerVersionId><Key>a</Key></Deleted></DeleteResult>"
        #expect(try await Misbehaviour(.answer(200, [:], answer)).store.delete(["a"]) == [.hidden])
    }
}
