import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Objects that are deleted one by one, because the store does not take many at once.
struct SingleDeletionTests {
    private let log: URL
    private static let unknown = LoopbackServer.Answer.error(501, "NotImplemented")

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    private func store(_ answers: [LoopbackServer.Answer], concurrency: Int = 1) throws -> S3ObjectStore {
        var configuration = try Servers.configuration(of: .answers(answers, log: log))
        configuration.concurrency = concurrency
        return try S3ObjectStore(configuration, world: .impatient)
    }

    private func methods() throws -> [String] { try LoopbackServer.questions(in: log).map(\.method) }

    @Test(
        arguments: [
            .error(501, "NotImplemented"), .error(405, "MethodNotAllowed"), .init(405), .init(501),
            .error(400, "MissingContentMD5"), .error(400, "NotImplemented"),
            .error(400, "InvalidArgument", "<Message>Unsupported header x-amz-checksum-crc32</Message>"),
            .error(400, "InvalidRequest", "<Message>Missing required header: x-amz-checksum-sha256</Message>"),
        ] as [LoopbackServer.Answer]
    )
    func `53 deletes singly where the store does not take many, and remembers it`(
        answer: LoopbackServer.Answer
    ) async throws {
        let store = try store([answer, .init(204)])
        #expect(try await store.delete(["a", "b"]) == [.deleted, .deleted])
        #expect(try await store.delete(["c"]) == [.deleted])
        let questions = try LoopbackServer.questions(in: log)
        #expect(questions.map(\.method) == ["POST", "DELETE", "DELETE", "DELETE"])
        #expect(questions.dropFirst().map(\.target) == ["/backups/a", "/backups/b", "/backups/c"])
        #expect(questions[1].headers["content-length"] == nil && questions[1].headers["content-md5"] == nil)
        #expect(store.statistics.delete == 4)
    }

    @Test(arguments: [.init(204), .init(200), .init(202), .error(404, "NoSuchKey")] as [LoopbackServer.Answer])
    func `54 takes every form of yes`(answer: LoopbackServer.Answer) async throws {
        #expect(try await store([Self.unknown, answer]).delete(["a"]) == [.deleted])
    }

    @Test(arguments: [["x-amz-delete-marker": "true"], ["x-amz-version-id": "v1"]])
    func `sees that a bucket keeps versions`(headers: [String: String]) async throws {
        #expect(try await store([Self.unknown, .init(204, headers: headers)]).delete(["a"]) == [.hidden])
    }

    @Test
    func `takes the version of a bucket without versions for none`() async throws {
        let answer = LoopbackServer.Answer(204, headers: ["x-amz-version-id": "null", "x-amz-delete-marker": "false"])
        #expect(try await store([Self.unknown, answer]).delete(["a"]) == [.deleted])
    }

    @Test
    func `one key that is protected does not keep the others`() async throws {
        let answers = [
            Self.unknown, .init(204), .error(403, "ObjectLockedByBucketPolicy", "<Message>Locked</Message>"),
            .init(204),
        ]
        let outcomes = try await store(answers).delete(["a", "b", "c"])
        let failure = ObjectStoreError(
            .accessDenied,
            "object b in s3://backups may not be deleted (ObjectLockedByBucketPolicy: Locked)",
            hint: "check that the key may delete objects, and whether a lock or a policy of the bucket protects it"
        )
        #expect(outcomes == [.deleted, .failed(failure), .deleted])
    }

    @Test
    func `asks again for one key that failed`() async throws {
        let answers = [Self.unknown, .init(204), .error(500, "InternalError"), .init(204)]
        #expect(try await store(answers).delete(["a", "b", "c"]) == [.deleted, .deleted, .deleted])
        #expect(try LoopbackServer.questions(in: log).map(\.target).last == "/backups/b")
    }

    @Test(
        arguments: [
            (.error(404, "NoSuchBucket"), .noSuchBucket), (.error(403, "InvalidAccessKeyId"), .accessDenied),
            (.error(501, "NotImplemented"), .unsupported), (.init(404), .badResponse),
            (.init(404, body: "<html>nothing here</html>"), .badResponse), (.init(200, body: "<html>"), .badResponse),
            (.init(302, headers: ["Location": "http://elsewhere/"]), .badResponse),
        ] as [(LoopbackServer.Answer, ObjectStoreError.Code)]
    )
    func `stops at what concerns every key`(answer: LoopbackServer.Answer, code: ObjectStoreError.Code) async throws {
        let keys = (0..<100).map { ObjectKey("\($0)") }
        let error = await #expect(throws: ObjectStoreError.self) {
            try await store([Self.unknown, answer]).delete(keys)
        }
        #expect(error?.code == code, "\(String(describing: error))")
        // What may pass was tried five times, and one key each time.
        #expect(try methods().count <= 6)
    }

    @Test
    func `keeps what it knows when the rest cannot be asked for`() async throws {
        let answers = [Self.unknown, .init(204), .error(404, "NoSuchBucket")]
        let outcomes = try await store(answers).delete(["a", "b", "c"])
        #expect(outcomes[0] == .deleted)
        for outcome in outcomes.dropFirst() {
            guard case .failed(let error) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(error.code == .noSuchBucket)
        }
        #expect(try methods().count == 3)
    }

    @Test
    func `slows down and goes on where the store asks for it`() async throws {
        let store = try store([Self.unknown, .init(204), .error(503, "SlowDown"), .init(204)])
        #expect(try await store.delete(["a", "b", "c", "d"]) == [.deleted, .deleted, .deleted, .deleted])
        #expect(try methods().count == 6)
    }

    @Test
    func `deletes several at a time`() async throws {
        let keys = (0..<200).map { ObjectKey("\($0)") }
        let outcomes = try await store([Self.unknown, .init(204)], concurrency: 8).delete(keys)
        #expect(outcomes == Array(repeating: .deleted, count: 200))
        let questions = try LoopbackServer.questions(in: log)
        #expect(questions.count == 201)
        #expect(Set(questions.dropFirst().map(\.target)).count == 200)
    }
}
