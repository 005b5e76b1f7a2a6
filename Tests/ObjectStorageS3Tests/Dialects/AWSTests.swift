import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// AWS S3's answers, after its documentation and botocore's service model; AWS was not asked.
@Suite("S3Dialect: AWS")
struct AWSTests {
    private static func error(
        _ status: Int,
        _ code: String,
        _ message: String,
        more: String = "",
        headers: [String: String] = [:]
    ) -> [HostileServer.Step] {
        let all = ["Content-Type": "application/xml", "x-amz-request-id": "0A49CE4060975EAC", "Server": "AmazonS3"]
        return .chunked(
            status,
            all.merging(headers) { $1 },
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message>\(more)"
                + "<RequestId>0A49CE4060975EAC</RequestId><HostId>jzV3y1PCS0pZ+canvas/0A49=</HostId></Error>"
        )
    }

    @Test
    func `elements that were not asked for are passed over`() async throws {
        let page = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>backups</Name><Prefix></Prefix>\
            <KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType>\
            <IsTruncated>false</IsTruncated><Contents><Key>a+b</Key><LastModified>2026-11-20T20:30:00.000Z</LastModified>\
            <ETag>&quot;70ee1738b6b21e2c8a43f3a5ab0eee71-2&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>\
            <ChecksumType>FULL_OBJECT</ChecksumType><Size>17179869184</Size><Owner><ID>x</ID></Owner>\
            <RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus>\
            <StorageClass>DEEP_ARCHIVE</StorageClass></Contents><Contents><Key>c</Key>\
            <LastModified>2026-11-20T20:30:00.000Z</LastModified><Size>0</Size></Contents></ListBucketResult>
            """
        let server = try Misbehaviour(.chunked(200, ["x-amz-bucket-region": "eu-central-1"], page))
        let found = try await server.store.list(ListRequest(prefix: ""))
        #expect(found.summary(at: 0).key == "a b" && found.summary(at: 0).size == 17_179_869_184)
        #expect(found.count == 2 && found.suspicions.isEmpty)
    }

    @Test(
        arguments: [
            error(
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'",
                more: "<Region>eu-central-1</Region>"
            ),
            error(
                301,
                "PermanentRedirect",
                "The bucket you are attempting to access must be addressed using the specified endpoint.",
                more: "<Endpoint>backups.s3.eu-central-1.amazonaws.com</Endpoint><Bucket>backups</Bucket>",
                headers: ["x-amz-bucket-region": "eu-central-1"]
            ),
            error(
                307,
                "TemporaryRedirect",
                "Please re-send this request to the specified temporary endpoint.",
                more: "<Endpoint>backups.s3-eu-central-1.amazonaws.com</Endpoint>",
                headers: [
                    "x-amz-bucket-region": "eu-central-1",
                    "Location": "https://backups.s3-eu-central-1.amazonaws.com/",
                ]
            ),
        ] as [[HostileServer.Step]]
    )
    func `the region that it names is signed for, at the same address`(answer: [HostileServer.Step]) async throws {
        let server = try Misbehaviour(answer, Misbehaviour.good)
        try await server.expectKeys(requests: 2)
        #expect(server.server.questions[1].headers["authorization"]?.contains("/eu-central-1/s3/") == true)
    }

    @Test(
        arguments: [
            (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist", .accessDenied, 1),
            (403, "SignatureDoesNotMatch", "The request signature we calculated does not match", .accessDenied, 1),
            (403, "AccessDenied", "User: arn:aws:iam::1:user/u is not authorized", .accessDenied, 1),
            (400, "ExpiredToken", "The provided token has expired", .accessDenied, 1),
            (404, "NoSuchBucket", "The specified bucket does not exist", .noSuchBucket, 1),
            (503, "SlowDown", "Please reduce your request rate", .throttled, 8),
            (503, "ServiceUnavailable", "Reduce your request rate", .server, 5),
            (500, "InternalError", "We encountered an internal error. Please try again", .server, 5),
            (400, "RequestTimeout", "Your socket connection to the server was not read", .server, 5),
            (409, "OperationAborted", "A conflicting conditional operation is in progress", .server, 5),
            (403, "InvalidObjectState", "The operation is not valid for the object's storage class", .accessDenied, 1),
        ] as [(Int, String, String, ObjectStoreError.Code, Int)]
    )
    func `errors have a kind and are tried as often as may help`(
        status: Int,
        code: String,
        message: String,
        wanted: ObjectStoreError.Code,
        requests: Int
    ) async throws {
        await (try Misbehaviour(Self.error(status, code, "\(message).")))
            .expectFailure(
                wanted,
                requests: requests,
                saying: "\(status) \(code): \(message), request 0A49CE4060975EAC"
            )
    }

    @Test
    func `an error may come with a status of success, behind white space`() async throws {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\n<Error><Code>InternalError</Code></Error>"
        let late: [HostileServer.Step] = .chunked(200, [:], body)
        try await Misbehaviour(late, Misbehaviour.good).expectKeys(requests: 2)
        await (try Misbehaviour(late)).expectFailure(.server, requests: 5)
    }

    @Test(arguments: [(403, ObjectStoreError.Code.accessDenied), (404, .noSuchKey), (400, .badResponse)])
    func `an answer to HEAD has a status and nothing else`(status: Int, code: ObjectStoreError.Code) async throws {
        let server = try Misbehaviour([.send(Array("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n".utf8))])
        await server.expectFailure(code, requests: 1) { _ = try await $0.store.head("k") }
    }

    @Test
    func `a deletion under versions and under locks`() async throws {
        let answer =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult "
            + "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker>"
            + "<DeleteMarkerVersionId>GdS4g1mI</DeleteMarkerVersionId></Deleted><Error><Key>b</Key>"
            + "<Code>AccessDenied</Code><Message>Access Denied because object protected by object lock.</Message></Error>"
            + "</DeleteResult>"
        let outcomes = try await Misbehaviour(.chunked(200, [:], answer)).store.delete(["a", "b"])
        #expect(outcomes[0] == .hidden)
        guard case .failed(let error) = outcomes[1] else { throw ObjectStoreError(.badResponse, "\(outcomes[1])") }
        #expect(error.code == .accessDenied && error.hint?.contains("lock") == true)
    }
}
