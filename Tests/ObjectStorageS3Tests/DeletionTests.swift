import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// What is sent to delete objects, and what is made of the answers.
struct DeletionTests {
    private let log: URL

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    /// What a server of fixed answers makes of three keys.
    private func delete(
        _ answers: [LoopbackServer.Answer],
        _ keys: [ObjectKey] = ["a", "b", "c"]
    ) async throws -> [DeletionOutcome] {
        try await store(answers).delete(keys)
    }

    private func store(_ answers: [LoopbackServer.Answer]) throws -> S3ObjectStore {
        var configuration = try Servers.configuration(of: .answers(answers, log: log))
        // One after the other, as the answers come.
        configuration.concurrency = 1
        return try S3ObjectStore(configuration, world: .impatient)
    }

    private func questions() throws -> [LoopbackServer.Question] { try LoopbackServer.questions(in: log) }

    private func asked() throws -> [String] { try questions().map { "\($0.method) \($0.target)" } }

    private func failure(_ outcome: DeletionOutcome?) throws -> ObjectStoreError {
        guard case .failed(let error) = outcome else {
            throw ObjectStoreError(.badResponse, "no failure: \(String(describing: outcome))")
        }
        return error
    }

    @Test
    func `sends a digest and a signature of the body, and no other checksum`() async throws {
        #expect(try await delete([.deleted("a", "b", "c")]) == [.deleted, .deleted, .deleted])
        let question = try #require(try questions().first)
        #expect(question.method == "POST" && question.target == "/backups?delete=")
        #expect(question.body == String(decoding: DeleteRequest.document(["a", "b", "c"]), as: UTF8.self))
        let headers = question.headers
        #expect(
            Set(headers.keys) == [
                "host", "user-agent", "accept", "accept-encoding", "x-amz-date", "x-amz-content-sha256",
                "x-amz-security-token", "authorization", "content-type", "content-md5", "content-length",
            ]
        )
        #expect(headers["content-type"] == "application/xml")
        // By Python's hashlib, of the same text.
        #expect(headers["content-md5"] == "D2M1lnn04PuJiRdWb314lQ==")
        #expect(headers["x-amz-content-sha256"] == "c2947070f1d400dc7c4deea7a122085753c08fcd86cb27aaebd57336e2827577")
        #expect(
            headers["authorization"]?.contains(
                "SignedHeaders=content-md5;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"
            ) == true
        )
    }

    @Test
    func `sends a body of more than a megabyte at once`() async throws {
        let keys = (0..<1000).map { ObjectKey("\($0)/" + String(repeating: "&", count: 1000)) }
        let outcomes = try await delete([.init(200, body: "<DeleteResult/>")], keys)
        #expect(outcomes == Array(repeating: .unknown, count: 1000))
        let question = try #require(try questions().first)
        #expect(question.body.utf8.count > 5_000_000 && question.headers["expect"] == nil)
    }

    @Test
    func `asks for no key twice, and for none that must not be deleted`() async throws {
        let outcomes = try await delete([.deleted("a")], ["a", "../a", "a", "/a", ""])
        #expect(outcomes.map { $0 == .deleted } == [true, false, true, false, false])
        #expect(try questions().map(\.body) == [String(decoding: DeleteRequest.document(["a"]), as: UTF8.self)])
    }

    @Test
    func `asks nothing where every key is refused`() async throws {
        #expect(try failure(await delete([.deleted()], ["", ".."]).first).code == .unsupported)
        #expect(!FileManager.default.fileExists(atPath: log.path()))
    }

    @Test
    func `a key that XML cannot hold goes alone`() async throws {
        let keys: [ObjectKey] = ["a", "b\u{1}", " c ", ObjectKey(bytes: [0x64, 0xFF])]
        let outcomes = try await delete([.deleted("a"), .init(204)], keys)
        #expect(outcomes == [.deleted, .deleted, .deleted, .deleted])
        #expect(
            try asked() == [
                "POST /backups?delete=", "DELETE /backups/b%01", "DELETE /backups/%20c%20", "DELETE /backups/d%FF",
            ]
        )
    }

    @Test
    func `51 asks again for those keys alone whose error may pass`() async throws {
        let first = LoopbackServer.Answer.deletion(
            "<Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>InternalError</Code></Error>"
                + "<Error><Key>c</Key><Code>SlowDown</Code></Error>"
        )
        let store = try store([first, .deleted("b", "c")])
        #expect(try await store.delete(["a", "b", "c"]) == [.deleted, .deleted, .deleted])
        #expect(
            try questions().map(\.body)
                == [["a", "b", "c"], ["b", "c"]].map {
                    String(decoding: DeleteRequest.document($0), as: UTF8.self)
                }
        )
        #expect(store.statistics.delete == 2 && store.statistics.retries == 1)
    }

    @Test(
        arguments: [
            ("AccessDenied", .accessDenied, "object b in s3://backups may not be deleted (AccessDenied: why)"),
            ("ObjectLockedByBucketPolicy", .accessDenied, "may not be deleted (ObjectLockedByBucketPolicy: why)"),
            ("InvalidRequest", .badResponse, " refuses to delete object b in s3://backups (InvalidRequest: why)"),
            (
                "InternalError", .server,
                "to delete object b in s3://backups (InternalError: why) (gave up after 5 attempts)"
            ),
            ("SlowDown", .throttled, "asks to slow down (SlowDown: why) (gave up after 8 attempts)"),
        ] as [(String, ObjectStoreError.Code, String)]
    )
    func `51 says of one key what is wrong with it`(
        code: String,
        kind: ObjectStoreError.Code,
        message: String
    ) async throws {
        let answer = LoopbackServer.Answer.deletion(
            "<Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>\(code)</Code><Message>why.</Message></Error>"
                + "<Deleted><Key>c</Key></Deleted>"
        )
        let later = LoopbackServer.Answer.deletion(
            "<Error><Key>b</Key><Code>\(code)</Code><Message>why.</Message></Error>"
        )
        let outcomes = try await delete([answer, later])
        #expect(outcomes[0] == .deleted && outcomes[2] == .deleted)
        let error = try failure(outcomes[1])
        #expect(error.code == kind)
        #expect(error.message.hasSuffix(message), "\(error)")
        if kind == .accessDenied {
            #expect(
                error.hint == "check that the key may delete objects, and whether a lock or a policy of the bucket "
                    + "protects it"
            )
        }
    }

    @Test
    func `52 a quiet answer says nothing of any key`() async throws {
        #expect(try await delete([.deletion("")]) == [.unknown, .unknown, .unknown])
        #expect(try questions().count == 1)
    }

    @Test
    func `52 a foreign key is a loud error, and not asked about again`() async throws {
        let error = await #expect(throws: ObjectStoreError.self) { try await delete([.deleted("a", "z", "b", "c")]) }
        #expect(error?.code == .badResponse && error?.isRetryable == false)
        #expect(
            error?.message.hasSuffix(
                " answers a deletion in s3://backups with object z, which was not to be deleted"
            ) == true
        )
        #expect(
            error?.hint
                == "the store or a proxy before it mixes up requests: list the bucket again, and delete nothing "
                + "until the cause is found"
        )
        #expect(try questions().count == 1)
    }

    @Test(
        arguments: [
            (.error(200, "InternalError"), .server, "failed: 200 InternalError (gave up after 5 attempts)", nil),
            (
                .error(200, "AccessDenied"), .accessDenied, "access to s3://backups at",
                "the key may delete objects in the"
            ),
            (
                .error(403, "AccessDenied"), .accessDenied, "access to s3://backups at",
                "the key may delete objects in the"
            ),
            (.error(403, "SignatureDoesNotMatch"), .accessDenied, "refuses the signature", "secret key"),
            (.error(404, "NoSuchBucket"), .noSuchBucket, "bucket backups does not exist", "--endpoint-url"),
            (.error(400, "MalformedXML"), .badResponse, "refuses the request", "--endpoint-url"),
            (.init(307, headers: ["Location": "http://elsewhere/"]), .badResponse, "never followed", "--endpoint-url"),
            (.init(204), .badResponse, "wanted 200, got status 204", nil),
            (
                .init(200, headers: ["Content-Length": "99999999"], body: "x"), .tooLarge,
                "an answer in s3://backups is too large to read", nil
            ),
            (.init(200), .badResponse, "with a document that is no result of it: the document is empty", nil),
            (.init(200, body: "<DeleteResult>"), .badResponse, "not well-formed XML", nil),
            (.init(200, body: "<html>log in</html>"), .badResponse, "with an HTML page", "S3 API"),
            (
                .init(200, headers: ["Content-Encoding": "gzip"], body: "x"), .badResponse,
                "wanted a result without compression", nil
            ),
        ] as [(LoopbackServer.Answer, ObjectStoreError.Code, String, String?)]
    )
    func `53 a request that fails as a whole is one error`(
        answer: LoopbackServer.Answer,
        code: ObjectStoreError.Code,
        message: String,
        hint: String?
    ) async throws {
        let error = await #expect(throws: ObjectStoreError.self) { try await delete([answer]) }
        #expect(error?.code == code)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.hint?.contains(hint ?? "") ?? (hint == nil), "\(String(describing: error))")
        #expect(try questions().allSatisfy { $0.method == "POST" })
    }

    @Test
    func `an answer that was cut is asked for again`() async throws {
        #expect(
            try await delete([.init(200, body: "<DeleteResult><Deleted>"), .deleted("a", "b", "c")])
                == [.deleted, .deleted, .deleted]
        )
    }
}

extension LoopbackServer.Answer {
    /// An answer to DeleteObjects.
    static func deletion(_ content: String) -> Self {
        .init(
            200,
            body: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(content)</DeleteResult>"
        )
    }

    /// The same, all well.
    static func deleted(_ keys: String...) -> Self {
        deletion(keys.map { "<Deleted><Key>\($0)</Key></Deleted>" }.joined())
    }
}
