import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Ceph RGW's answers, after its source (`src/rgw/rgw_rest_s3.cc`) and `s3-tests`; no Ceph was run.
@Suite("S3Dialect: Ceph")
struct CephTests {
    private static func error(_ status: Int, _ code: String) -> [HostileServer.Step] {
        .answer(
            status,
            ["Content-Type": "application/xml", "x-amz-request-id": "tx00000a1b2c3d"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>\(code)</Code><Message></Message>"
                + "<BucketName>backups</BucketName><RequestId>tx00000a1b2c3d</RequestId><HostId>1a2b-z-zg</HostId></Error>"
        )
    }

    private static let page = """
        <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
        <Name>backups</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType>\
        <IsTruncated>true</IsTruncated><NextContinuationToken>a/b%20c+d</NextContinuationToken><Contents>\
        <Key>a/b%2520c%2Bd</Key><LastModified>2026-11-20T20:30:00.123Z</LastModified>\
        <ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass>\
        <Owner><ID>u</ID><DisplayName>U</DisplayName></Owner><Type>Normal</Type><RgwxTag>t</RgwxTag></Contents>\
        <Marker></Marker><KeyCount>1</KeyCount></ListBucketResult>
        """

    @Test
    func `its token is a raw key, and goes back as it came`() async throws {
        let server = try Misbehaviour(.chunked(200, [:], Self.page), .chunked(200, [:], .page("")))
        #expect(try await server.listing().keys == ["a/b%20c+d"])
        // The token's bytes, encoded once.
        #expect(server.server.questions[1].target.contains("continuation-token=a%2Fb%2520c%2Bd"))
    }

    @Test
    func `a listing that fails after its status was sent is cut, and asked for again`() async throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let half = Self.page.prefix(400)
        let cut: [HostileServer.Step] = .raw("\(head)\(String(half.utf8.count, radix: 16))\r\n\(half)\r\n")
        try await Misbehaviour(cut, Misbehaviour.good).expectKeys(requests: 2)
        let ended: [HostileServer.Step] = .chunked(200, [:], String(half))
        try await Misbehaviour(ended, Misbehaviour.good).expectKeys(requests: 2)
        await (try Misbehaviour(ended)).expectFailure(.badResponse, requests: 5)
    }

    @Test
    func `a page may hold five thousand keys`() async throws {
        let keys = (10_000..<15_000).map { "\($0)" }
        let server = try Misbehaviour(.chunked(200, [:], .page(keys.map { .entries($0) }.joined())))
        try await server.expectKeys(keys.map { ObjectKey($0) }, requests: 1)
    }

    @Test(
        arguments: [
            (403, "InvalidAccessKeyId", .accessDenied, 1), (403, "SignatureDoesNotMatch", .accessDenied, 1),
            (403, "AccessDenied", .accessDenied, 1), (403, "RequestTimeTooSkewed", .clockSkew, 1),
            (404, "NoSuchBucket", .noSuchBucket, 1), (503, "SlowDown", .throttled, 8),
            (405, "MethodNotAllowed", .unsupported, 1), (500, "UnknownError", .server, 5),
        ] as [(Int, String, ObjectStoreError.Code, Int)]
    )
    func `errors have a code and no message`(
        status: Int,
        code: String,
        wanted: ObjectStoreError.Code,
        requests: Int
    ) async throws {
        await (try Misbehaviour(Self.error(status, code)))
            .expectFailure(wanted, requests: requests, saying: "\(status) \(code), request tx00000a1b2c3d")
    }

    @Test
    func `a deletion says of each key, in any order`() async throws {
        let answer =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><DeleteResult "
            + "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Deleted><Key>b</Key></Deleted>"
            + "<Deleted><Key>a</Key></Deleted></DeleteResult>"
        let server = try Misbehaviour(.chunked(200, [:], answer))
        #expect(try await server.store.delete(["a", "b"]) == [.deleted, .deleted])
    }
}
