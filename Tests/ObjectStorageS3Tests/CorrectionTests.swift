import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// What a client puts right by itself, and how often it tries.
struct CorrectionTests {
    private let log: URL

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    private func store(
        _ answers: [LoopbackServer.Answer],
        world: S3World = .impatient,
        change: (inout S3Configuration) -> Void = { _ in }
    ) throws -> S3ObjectStore {
        var configuration = try Servers.configuration(of: .answers(answers, log: log))
        change(&configuration)
        return try S3ObjectStore(configuration, world: world)
    }

    private func questions() throws -> [LoopbackServer.Question] { try LoopbackServer.questions(in: log) }

    @Test(
        arguments: [
            .error(400, "AuthorizationHeaderMalformed", "<Region>garage</Region>"),
            .error(
                301,
                "PermanentRedirect",
                headers: ["x-amz-bucket-region": "garage", "Location": "http://elsewhere/"]
            ),
            .error(403, "AccessDenied", headers: ["x-amz-bucket-region": "garage"]),
        ] as [LoopbackServer.Answer]
    )
    func `signs for the region that the server names, and remembers it`(answer: LoopbackServer.Answer) async throws {
        let store = try store([answer, .emptyListing])
        _ = try await store.list(ListRequest(prefix: ""))
        _ = try await store.list(ListRequest(prefix: ""))
        let scopes = try questions().map { $0.headers["authorization"]?.split(separator: "/")[2] }
        #expect(scopes == ["us-east-1", "garage", "garage"])
        #expect(store.statistics.list == 3 && store.statistics.retries == 1)
    }

    @Test(
        arguments: [
            .error(403, "RequestTimeTooSkewed", headers: ["Date": "Fri, 20 Nov 2026 20:30:00 GMT"]),
            .error(
                400,
                "InvalidRequest",
                "<Message>Bad request: Date is too old</Message>",
                headers: ["Date": "Fri, 20 Nov 2026 20:30:00 GMT"]
            ),
        ] as [LoopbackServer.Answer]
    )
    func `signs by the server's clock where ours is wrong`(answer: LoopbackServer.Answer) async throws {
        var world = S3World.impatient
        // A day before.
        world.clock = { 1_795_206_600_000_000 - 86400 * 1_000_000 }
        let store = try store([answer, .emptyListing], world: world)
        _ = try await store.list(ListRequest(prefix: ""))
        #expect(try questions().map { $0.headers["x-amz-date"] } == ["20261119T203000Z", "20261120T203000Z"])
        #expect(store.clock == .apart(86_400_000_000))
    }

    @Test
    func `does not believe a clock that is weeks away`() async throws {
        var world = S3World.impatient
        world.clock = { 0 }
        let refusal = LoopbackServer.Answer.error(
            403,
            "RequestTimeTooSkewed",
            headers: ["Date": "Fri, 20 Nov 2026 20:30:00 GMT"]
        )
        let store = try store([refusal], world: world)
        let error = await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(error?.code == .clockSkew)
        #expect(try questions().count == 1)
    }

    @Test(
        arguments: [
            .error(503, "SlowDown"), .error(500, "InternalError"), .error(200, "SlowDown"), .init(502, body: "<html>"),
            .init(200, body: "<ListBucketResult>"), .error(400, "RequestTimeout"),
        ] as [LoopbackServer.Answer]
    )
    func `asks again where that may help`(answer: LoopbackServer.Answer) async throws {
        let store = try store([answer, answer, .emptyListing])
        _ = try await store.list(ListRequest(prefix: ""))
        #expect(store.statistics.list == 3 && store.statistics.retries == 2)
    }

    @Test(
        arguments: [
            .error(403, "AccessDenied"), .error(404, "NoSuchBucket"), .error(501, "NotImplemented"), .init(302),
        ] as [LoopbackServer.Answer]
    )
    func `does not ask again where that cannot help`(answer: LoopbackServer.Answer) async throws {
        let store = try store([answer])
        await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(try questions().count == 1)
    }

    @Test
    func `a cancelled task stops waiting for a silent server`() async throws {
        let store = try S3ObjectStore(Servers.configuration(of: .silence()))
        let task = Task { try await store.list(ListRequest(prefix: "")) }
        try await Task.sleep(for: .milliseconds(300))
        let start = ContinuousClock.now
        task.cancel()
        let error = await #expect(throws: ObjectStoreError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test
    func `a cancelled task does not even begin`() async throws {
        let store = try S3ObjectStore(Servers.configuration(of: .silence()))
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await store.list(ListRequest(prefix: ""))
        }
        let error = await #expect(throws: ObjectStoreError.self) { try await task.value }
        #expect(error?.code == .cancelled)
    }

    @Test
    func `sends what was signed, and nothing that S3 stores stumble over`() async throws {
        let store = try store([.emptyListing])
        _ = try? await store.get("a/../b c+d//ü%", limit: 100)
        let page = ListRequest(prefix: "p q/", delimiter: UInt8(ascii: "/"), startAfter: "p q/+")
        _ = try await store.list(page)
        let questions = try questions()
        #expect(questions[0].target == "/backups/a/../b%20c%2Bd//%C3%BC%25")
        #expect(
            questions[1].target == "/backups?delimiter=%2F&encoding-type=url&list-type=2&max-keys=1000"
                + "&prefix=p%20q%2F&start-after=p%20q%2F%2B"
        )
        let names = Set(questions[1].headers.keys)
        #expect(
            names == [
                "host", "user-agent", "accept", "accept-encoding", "x-amz-date", "x-amz-content-sha256",
                "x-amz-security-token", "authorization",
            ]
        )
        #expect(questions[1].headers["accept-encoding"] == "identity")
    }

    @Test
    func `goes on without a token where the server forgot it`() async throws {
        let entry =
            "<Contents><Key>a</Key><Size>1</Size><LastModified>2026-11-20T20:30:00.000Z</LastModified></Contents>"
        let store = try store([.listing(entry, isTruncated: true), .emptyListing])
        var listing = ObjectListing(of: store, ListRequest(prefix: ""))
        let first = try await listing.nextPage()
        #expect(first?.suspicions.count == 1)
        #expect(try await listing.nextPage()?.count == 0)
        #expect(try questions()[1].target.contains("start-after=a"))
    }
}
