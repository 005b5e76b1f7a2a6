import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Cloudflare R2's answers, after its documentation (`r2/api/error-codes`, release notes); no R2 was asked.
@Suite("S3Dialect: R2")
struct R2Tests {
    /// An error without a namespace and without more than code and message.
    private static func error(_ status: Int, _ code: String, _ message: String) -> [HostileServer.Step] {
        .answer(
            status,
            ["Content-Type": "application/xml", "cf-ray": "8f1d2c3b4a5e6f70-FRA", "Server": "cloudflare"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>\(code)</Code><Message>\(message)</Message></Error>"
        )
    }

    @Test
    func `a page in chunks may hold fewer keys than asked for`() async throws {
        let first = """
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
            <Name>backups</Name><Contents><Key>a%2Fb%20c</Key><Size>7</Size>\
            <LastModified>2026-11-20T20:30:00.123Z</LastModified>\
            <ETag>&quot;9b2cf535f27731c974343645a3985328-3&quot;</ETag><StorageClass>STANDARD</StorageClass></Contents>\
            <IsTruncated>true</IsTruncated><MaxKeys>1000</MaxKeys><KeyCount>1</KeyCount><EncodingType>url</EncodingType>\
            <NextContinuationToken>1sbC+/q=</NextContinuationToken></ListBucketResult>
            """
        let last = first.replacing("true", with: "false").replacing("a%2Fb%20c", with: "a%2Fd")
            .replacing("<NextContinuationToken>1sbC+/q=</NextContinuationToken>", with: "")
        let server = try Misbehaviour(.chunked(200, [:], first), .chunked(200, [:], last))
        #expect(try await server.listing().keys == ["a/b c", "a/d"])
        #expect(server.server.questions[1].target.contains("continuation-token=1sbC%2B%2Fq%3D"))
        // Parameters that it does not know it refuses.
        #expect(
            Set(server.server.questions[1].query.keys)
                == ["list-type", "max-keys", "encoding-type", "prefix", "continuation-token"]
        )
    }

    @Test(
        arguments: [
            (401, "Unauthorized", "Unauthorized", .accessDenied, 1),
            (403, "SignatureDoesNotMatch", "The request signature we calculated does not match", .accessDenied, 1),
            (403, "AccessDenied", "Access Denied", .accessDenied, 1),
            (404, "NoSuchBucket", "The specified bucket does not exist.", .noSuchBucket, 1),
            (501, "NotImplemented", "ListObjectsV2 search parameter fetch-owner not implemented", .unsupported, 1),
            (429, "TooManyRequests", "Reduce your concurrent request rate for the same object.", .throttled, 8),
            (503, "ServiceUnavailable", "ServiceUnavailable", .server, 5),
            (500, "InternalError", "We encountered an internal error. Please try again.", .server, 5),
            (400, "InvalidRegionName", "The region name 'eu' is not valid. Must be one of: auto", .badResponse, 1),
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
        await server.expectFailure(wanted, requests: requests, saying: code)
    }

    @Test(arguments: [520, 521, 522, 523, 524, 525, 526, 527, 502, 504])
    func `a page of the network before it is asked for again`(status: Int) async throws {
        let page: [HostileServer.Step] = .answer(status, ["Content-Type": "text/html"], "<!DOCTYPE html><html></html>")
        try await Misbehaviour(page, Misbehaviour.good).expectKeys(requests: 2)
        await (try Misbehaviour(page)).expectFailure(.server, requests: 5, saying: "status \(status) and an HTML page")
    }

    @Test
    func `an object under a bucket lock is not deleted, and keeps no other`() async throws {
        let answer =
            "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Deleted><Key>a</Key></Deleted>"
            + "<Error><Key>b</Key><Code>ObjectLockedByBucketPolicy</Code>"
            + "<Message>The object is locked by the bucket policy.</Message></Error></DeleteResult>"
        let server = try Misbehaviour(.answer(200, [:], answer))
        let outcomes = try await server.store.delete(["a", "b"])
        #expect(outcomes[0] == .deleted)
        guard case .failed(let error) = outcomes[1] else { throw error(for: outcomes[1]) }
        #expect(error.code == .accessDenied && error.message.contains("ObjectLockedByBucketPolicy"))
        // No checksum header: R2 has refused some, and the rest of the family.
        #expect(!server.server.questions[0].headers.keys.contains { $0.contains("checksum") })
    }

    private func error(for outcome: DeletionOutcome) -> ObjectStoreError {
        ObjectStoreError(.badResponse, "no failure: \(outcome)")
    }

    @Test
    func `a part of an object is one of 206`() async throws {
        let server = try Misbehaviour(.answer(206, ["Content-Range": "bytes 2-3/10"], "23"))
        #expect(try await server.store.get("k", range: 2..<4, limit: 10) == Array("23".utf8))
    }
}
