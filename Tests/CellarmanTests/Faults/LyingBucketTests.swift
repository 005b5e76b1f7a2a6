import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// A bucket that says less than there is, or that something is done that is not.
struct LyingBucketTests {
    private static func bucket() async throws -> HostileBucket {
        try await HostileBucket(copying: FixtureBucket("healthy-gzip").store, pageSize: 6)
    }

    private func run(_ arguments: [String], _ server: HostileServer) throws -> CommandRun {
        try CommandRun(
            arguments,
            environment: [
                "S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "canary-secret", "S3_ENDPOINT": server.endpoint,
            ]
        )
    }

    @Test
    func `27 a listing that ends early is found out, said, and nothing is deleted on it`() async throws {
        let bucket = try await Self.bucket()
        let server = try HostileServer { question in
            let answer = bucket.answer(question)
            // The first page says that it is the last; whoever asks behind it is told the truth.
            guard question.query["start-after"] == nil, case .send(let bytes) = answer.first,
                question.query["list-type"] != nil
            else { return answer }
            let text = String(decoding: bytes, as: UTF8.self)
            let document = text.drop { $0 != "<" }
            return .answer(200, [:], String(document).replacing("<IsTruncated>true", with: "<IsTruncated>false"))
        }
        let audit = try run(["audit", "s3://backups"], server)
        #expect(audit.output.contains("comes behind"), "\(audit.output)")
        #expect(audit.status == 1)
        let apply = try run(["retention", "apply", "s3://backups", "--policy", "REDUNDANCY 1", "--yes"], server)
        #expect([2, 5].contains(apply.status), "\(apply.errors)")
        #expect(!server.questions.contains { ["POST", "DELETE"].contains($0.method) })
    }

    @Test
    func `49 an object is asked for whole, so that no other can take its place between two parts`() async throws {
        let bucket = try await Self.bucket()
        let server = try HostileServer { bucket.answer($0) }
        #expect(try run(["audit", "s3://backups", "--evidence", "full"], server).status <= 1)
        let objects = server.questions.filter { $0.method == "GET" && $0.query["list-type"] == nil }
        #expect(objects.count { $0.target.contains("/wals/") } > 10)
        #expect(!objects.contains { $0.headers["range"] != nil })
        #expect(Set(objects.map(\.target)).count == objects.count)
    }

    @Test
    func `55 what a store says is deleted and still lists is told`() async throws {
        let bucket = try await Self.bucket()
        let server = try HostileServer { question in
            guard question.method == "POST" else { return bucket.answer(question) }
            let keys = String(decoding: question.body, as: UTF8.self).split(separator: "<Key>").dropFirst()
            let entries = keys.map { "<Deleted><Key>\($0.prefix { $0 != "<" })</Key></Deleted>" }.joined()
            return .answer(200, [:], "<DeleteResult>\(entries)</DeleteResult>")
        }
        let apply = try run(["retention", "apply", "s3://backups", "--policy", "REDUNDANCY 1", "--yes"], server)
        #expect(apply.status == 2, "\(apply.output)\(apply.errors)")
        #expect((apply.output + apply.errors).contains("still"), "\(apply.output)\(apply.errors)")
        #expect(server.questions.contains { $0.method == "POST" })
    }
}
