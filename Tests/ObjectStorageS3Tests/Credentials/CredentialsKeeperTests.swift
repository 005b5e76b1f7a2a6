import Foundation
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import ObjectStorageS3

/// When keys are renewed, and how often the service is asked for it.
struct CredentialsKeeperTests {
    /// A clock that a test moves.
    private final class HandClock: Sendable {
        private let now = Mutex<Int64>(1_795_206_600_000_000)

        func advance(minutes: Int64) { now.withLock { $0 += minutes * 60_000_000 } }

        var world: S3World {
            var world = S3World.impatient
            world.clock = { self.now.withLock { $0 } }
            return world
        }

        /// A time from now, as services write it.
        func text(in minutes: Int64) -> String {
            let seconds = now.withLock { $0 } / 1_000_000 + minutes * 60
            return Date(timeIntervalSince1970: Double(seconds)).ISO8601Format()
        }
    }

    private let clock = HandClock()
    private let log: URL

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    private func keys(_ id: String, endingIn minutes: Int64) throws -> LoopbackServer.Answer {
        try Fetching.keys(["AccessKeyId": id], expiration: clock.text(in: minutes))
    }

    private func keeper(_ answers: [LoopbackServer.Answer]) throws -> CredentialsKeeper {
        let server = try LoopbackServer.answers(answers, log: log)
        let configuration = try Fetching.configuration(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.endpoint()])
        return CredentialsKeeper(configuration.credentials, fetcher: configuration.fetcher(clock.world))
    }

    private func questions() throws -> Int { try LoopbackServer.questions(in: log).count }

    @Test
    func `keeps keys until a quarter of an hour before their end`() async throws {
        let keeper = try keeper([keys("ONE", endingIn: 60), keys("TWO", endingIn: 120)])
        for minutes in [0, 30, 14] as [Int64] {
            clock.advance(minutes: minutes)
            #expect(try await keeper.credentials().accessKeyID == "ONE")
        }
        #expect(try questions() == 1)
        clock.advance(minutes: 2)
        #expect(try await keeper.credentials().accessKeyID == "TWO")
        #expect(try questions() == 2)
    }

    @Test
    func `old keys serve until they end where there are no newer ones`() async throws {
        let keeper = try keeper([keys("ONE", endingIn: 60), .init(404), .init(404), keys("TWO", endingIn: 120)])
        #expect(try await keeper.credentials().accessKeyID == "ONE")
        clock.advance(minutes: 50)
        #expect(try await keeper.credentials().accessKeyID == "ONE")
        #expect(try await keeper.credentials().accessKeyID == "ONE")
        #expect(try questions() == 2)
        clock.advance(minutes: 11)
        let error = await #expect(throws: ObjectStoreError.self) { try await keeper.credentials() }
        #expect(error?.message.contains("answers 404") == true)
        #expect(try await keeper.credentials().accessKeyID == "TWO")
    }

    @Test
    func `keys that end soon are not asked for with every request`() async throws {
        let keeper = try keeper([keys("ONE", endingIn: 5)])
        for _ in 0..<20 { _ = try await keeper.credentials() }
        #expect(try questions() == 1)
        clock.advance(minutes: 1)
        _ = try await keeper.credentials()
        #expect(try questions() == 2)
    }

    @Test
    func `many that wait ask once`() async throws {
        var answer = try keys("ONE", endingIn: 60)
        answer.delay = 0.5
        let keeper = try keeper([answer])
        let found = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await keeper.credentials().accessKeyID } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(found == ["ONE"])
        #expect(try questions() == 1)
    }

    @Test
    func `one that is cancelled waits no longer, and takes nobody with it`() async throws {
        var answer = try keys("ONE", endingIn: 60)
        answer.delay = 1.5
        let keeper = try keeper([answer])
        let first = Task { try await keeper.credentials() }
        let second = Task { try await keeper.credentials() }
        try await Task.sleep(for: .milliseconds(200))
        first.cancel()
        let error = await #expect(throws: ObjectStoreError.self) { try await first.value }
        #expect(error?.code == .cancelled)
        #expect(try await second.value.accessKeyID == "ONE")
        #expect(try questions() == 1)
    }

    @Test
    func `what the store calls expired is renewed once`() async throws {
        let keeper = try keeper([keys("ONE", endingIn: 60), keys("TWO", endingIn: 60), keys("THREE", endingIn: 60)])
        let one = try await keeper.credentials()
        async let left = keeper.renewed(after: one)
        async let right = keeper.renewed(after: one)
        let renewed = try await [left, right]
        #expect(renewed.map { $0?.accessKeyID } == ["TWO", "TWO"])
        // A store that refuses those too refuses all: nobody spins.
        let two = try await keeper.credentials()
        #expect(try await keeper.renewed(after: two) == nil)
        #expect(try questions() == 2)
        clock.advance(minutes: 1)
        #expect(try await keeper.renewed(after: two)?.accessKeyID == "THREE")
    }

    @Test(arguments: ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"])
    func `a store that calls a token expired is asked again with other keys`(code: String) async throws {
        let asked = try TemporaryFolder.make().appending(path: "store.json")
        let refusal = LoopbackServer.Answer.error(400, code)
        let server = try LoopbackServer.answers([refusal, .emptyListing], log: asked)
        let service = try LoopbackServer.answers(
            [keys("KEYONE", endingIn: 60), keys("KEYTWO", endingIn: 60)],
            log: log
        )
        let configuration = try Fetching.configuration([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": service.endpoint(), "AWS_ENDPOINT_URL_S3": server.endpoint(),
        ])
        let store = try S3ObjectStore(configuration, world: clock.world)
        _ = try await store.list(ListRequest(prefix: ""))
        let signatures = try LoopbackServer.questions(in: asked).compactMap { $0.headers["authorization"] }
        #expect(signatures.map { $0.contains("KEYONE/") } == [true, false])
        #expect(signatures.last?.contains("KEYTWO/") == true)
    }

    @Test
    func `an answer without a body may mean an expired token`() async throws {
        let asked = try TemporaryFolder.make().appending(path: "store.json")
        let found = LoopbackServer.Answer(
            200,
            headers: ["Content-Length": "7", "Last-Modified": "Fri, 20 Nov 2026 20:30:00 GMT"]
        )
        let server = try LoopbackServer.answers([LoopbackServer.Answer(400), found], log: asked)
        let service = try LoopbackServer.answers(
            [keys("KEYONE", endingIn: 60), keys("KEYTWO", endingIn: 60)],
            log: log
        )
        let configuration = try Fetching.configuration([
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": service.endpoint(), "AWS_ENDPOINT_URL_S3": server.endpoint(),
        ])
        let store = try S3ObjectStore(configuration, world: clock.world)
        _ = try? await store.head("a")
        let signatures = try LoopbackServer.questions(in: asked).compactMap { $0.headers["authorization"] }
        #expect(signatures.map { $0.contains("KEYONE/") } == [true, false])
        #expect(signatures.last?.contains("KEYTWO/") == true)
    }

    @Test
    func `a store that calls every token expired is asked twice, and then it is an error`() async throws {
        let asked = try TemporaryFolder.make().appending(path: "store.json")
        let server = try LoopbackServer.answers(
            [.error(400, "ExpiredToken", "<Message>canary-two</Message>")],
            log: asked
        )
        let service = try LoopbackServer.answers(
            [
                Fetching.keys(["AccessKeyId": "CANARY1", "Token": "canary-one"]),
                Fetching.keys(["AccessKeyId": "CANARY2", "Token": "canary-two"]),
            ],
            log: log
        )
        let store = try S3ObjectStore(
            Fetching.configuration([
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": service.endpoint(), "AWS_ENDPOINT_URL_S3": server.endpoint(),
            ]),
            world: .impatient
        )
        let error = await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(error?.code == .accessDenied)
        #expect(error?.message.contains("the session token of access key CANA… is refused") == true)
        #expect(error?.message.contains("canary-two") == false)
        for _ in 0..<10 { _ = try? await store.list(ListRequest(prefix: "")) }
        #expect(try LoopbackServer.questions(in: asked).count == 12)
        #expect(try questions() == 2)
    }

    @Test
    func `keys of the environment end when it says so`() async throws {
        func keeper(until expiration: String) throws -> CredentialsKeeper {
            let environment = [
                "AWS_ACCESS_KEY_ID": "ASIACANARY", "AWS_SECRET_ACCESS_KEY": "canary-secret",
                "AWS_CREDENTIAL_EXPIRATION": expiration,
            ]
            let configuration = try Fetching.configuration(environment)
            return CredentialsKeeper(configuration.credentials, fetcher: configuration.fetcher(clock.world))
        }
        let held = try keeper(until: clock.text(in: 60))
        #expect(try await held.credentials().accessKeyID == "ASIACANARY")
        clock.advance(minutes: 61)
        let error = await #expect(throws: ObjectStoreError.self) { try await held.credentials() }
        #expect(error?.code == .accessDenied)
        #expect(error?.message == "access key ASIA… expired 60 s ago, says AWS_CREDENTIAL_EXPIRATION")
        let wrong = #expect(throws: ObjectStoreError.self) { try keeper(until: "tomorrow") }
        #expect(wrong?.code == .invalidConfiguration)
        #expect(wrong?.message == "AWS_CREDENTIAL_EXPIRATION in environment is \"tomorrow\", and no time")
    }

    @Test
    func `keys that are known are asked of nobody, and refused as they are`() async throws {
        let asked = try TemporaryFolder.make().appending(path: "store.json")
        let server = try LoopbackServer.answers([.error(400, "ExpiredToken")], log: asked)
        let store = try S3ObjectStore(Servers.configuration(of: server), world: .impatient)
        await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(try LoopbackServer.questions(in: asked).count == 1)
    }
}
