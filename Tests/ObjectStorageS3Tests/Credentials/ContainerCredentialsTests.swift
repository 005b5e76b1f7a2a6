import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// The service of a container: ECS, EKS Pod Identity.
struct ContainerCredentialsTests {
    private let log: URL

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    private func environment(_ answers: [LoopbackServer.Answer], path: String = "/v1/keys") throws -> [String: String] {
        let server = try LoopbackServer.answers(answers, log: log)
        return ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.endpoint() + path]
    }

    @Test
    func `asks with the token, read anew each time`() async throws {
        let token = try Fetching.file("canary-one\n")
        var environment = try environment([Fetching.keys()], path: "/v1/keys?id=1")
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = token
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "canary-other"
        let found = try await Fetching.fetch(environment)
        #expect(found.areCanary)
        #expect(found.expiration == 2_082_758_400_000_000)
        try "canary-two".write(toFile: token, atomically: true, encoding: .utf8)
        _ = try await Fetching.fetch(environment)
        let questions = try LoopbackServer.questions(in: log)
        #expect(questions.map { $0.headers["authorization"] } == ["canary-one", "canary-two"])
        #expect(questions.map(\.target) == ["/v1/keys?id=1", "/v1/keys?id=1"])
    }

    @Test(arguments: ["canary\r\nx-evil: 1", "", "canary\n\ncanary"])
    func `sends no token that is not one line`(token: String) async throws {
        var environment = try environment([Fetching.keys()])
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = try Fetching.file(token)
        let error = await Fetching.failure(environment)
        #expect(error?.code == .invalidConfiguration)
        #expect(!FileManager.default.fileExists(atPath: log.path()))
    }

    @Test(arguments: [
        "http://169.254.170.2/x", "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1",
        "http://localhost:1/x",
        "http://127.0.0.1:1", "http://[::1]:1/", "https://anywhere.example/keys",
    ])
    func `hosts that keys may come from`(url: String) throws {
        let settings = try S3SettingsResolver(environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]).resolve()
        #expect(settings.credentials?.value.kind == "container")
    }

    @Test(arguments: [
        "http://anywhere.example/keys", "http://127.0.0.1.evil.example/", "http://127.1/", "http://169.254.169.254/",
        "http://u:canary@127.0.0.1/", "http://localhost.evil.example/", "http://127.0.0.1\\@evil.example/",
        "ftp://localhost/",
        "http:///x", "http://169.254.170.2:99999/", "http://0x7f.0.0.1/",
    ])
    func `hosts that keys may not come from`(url: String) {
        let environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]
        let error = #expect(throws: ObjectStoreError.self) {
            try S3SettingsResolver(environment: environment).resolve()
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("canary") == false)
    }

    @Test
    func `a relative address is that of ECS`() throws {
        let resolver = { S3SettingsResolver(environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": $0]) }
        #expect(
            try resolver("/v2/x").resolve().credentials?.value.description
                == "the container credentials at http://169.254.170.2/v2/x"
        )
        #expect(throws: ObjectStoreError.self) { try resolver(".evil.example/").resolve() }
        #expect(throws: ObjectStoreError.self) { try resolver("@evil.example/").resolve() }
    }

    /// What comes instead of keys, what is said of it, and how often it is asked for.
    struct Mishap: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: LoopbackServer.Answer
        let message: String
        var attempts = 3
        /// Whether the service of an instance, too, has it for an answer.
        var isGeneral = true
    }

    static let mishaps: [Mishap] = [
        Mishap(
            testDescription: "an error in a success",
            answer: .init(
                200,
                body: #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"}"#
            ),
            message: "AssumeRoleUnauthorizedAccess: EC2 cannot assume the role"
        ),
        Mishap(testDescription: "a page", answer: .init(200, body: "<html>canary"), message: "is no JSON object"),
        Mishap(testDescription: "nothing", answer: .init(200), message: "is no JSON object"),
        Mishap(testDescription: "an array", answer: .init(200, body: "[]"), message: "is no JSON object"),
        Mishap(
            testDescription: "half an answer",
            answer: .init(200, body: #"{"AccessKeyId":"CANARY","SecretAccessKey":"canary"#),
            message: "is no JSON object"
        ),
        Mishap(testDescription: "no key", answer: keys(["AccessKeyId": nil]), message: "AccessKeyId is missing"),
        Mishap(
            testDescription: "an empty secret",
            answer: keys(["SecretAccessKey": ""]),
            message: "SecretAccessKey is missing"
        ),
        Mishap(testDescription: "no token", answer: keys(["Token": nil]), message: "Token is missing"),
        Mishap(testDescription: "no end", answer: keys(["Expiration": nil]), message: "Expiration is missing"),
        Mishap(
            testDescription: "a strange end",
            answer: keys(["Expiration": "tomorrow"]),
            message: "Expiration is not a time"
        ),
        Mishap(
            testDescription: "an end in the past",
            answer: keys(["Expiration": "2020-01-01T00:00:00Z"]),
            message: "expired"
        ),
        Mishap(
            testDescription: "a line end",
            answer: keys(["Token": "canary\r\nx: y"]),
            message: "blanks or line ends"
        ),
        Mishap(testDescription: "a blank", answer: keys(["AccessKeyId": "CANARY X"]), message: "blanks or line ends"),
        Mishap(testDescription: "a server that fails", answer: .init(500, body: "canary"), message: "answers 500"),
        Mishap(testDescription: "none there", answer: .init(404, body: "canary"), message: "answers 404", attempts: 1),
        Mishap(
            testDescription: "a redirect",
            answer: .init(302, headers: ["Location": "http://127.0.0.1:9/canary"]),
            message: "answers 302",
            attempts: 1
        ),
        Mishap(
            testDescription: "a refusal",
            answer: .init(403, body: #"{"code":"AccessDenied","message":"not you"}"#),
            message: "answers 403: AccessDenied: not you",
            attempts: 1
        ),
        Mishap(
            testDescription: "a refusal that repeats the token",
            answer: .init(401, body: #"{"Code":"Bad","Message":"your token the-canary-token is wrong"}"#),
            message: "its words repeat the request",
            attempts: 1
        ),
        Mishap(
            testDescription: "too much",
            answer: .init(200, body: String(repeating: " ", count: 300_000)),
            message: "no proper answer",
            attempts: 1
        ),
    ]

    private static func keys(_ changes: [String: String?]) -> LoopbackServer.Answer {
        (try? Fetching.keys(changes)) ?? .init(599)
    }

    @Test(arguments: mishaps)
    func `57 an answer without keys is an error that says what came`(mishap: Mishap) async throws {
        var environment = try environment([mishap.answer])
        environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "the-canary-token"
        let error = await Fetching.failure(environment)
        #expect(error?.message.contains("the container credentials at http://127.0.0.1") == true)
        #expect(error?.message.contains(mishap.message) == true, "\(String(describing: error))")
        #expect(try LoopbackServer.questions(in: log).count == mishap.attempts)
    }

    @Test
    func `a service that is not there is asked three times`() async throws {
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/x", "http_proxy": "http://127.0.0.1:1",
        ]
        let error = await Fetching.failure(environment)
        #expect(error?.code == .network)
        #expect(error?.message.contains("127.0.0.1:9/x cannot be reached") == true, "\(String(describing: error))")
        #expect(error?.message.hasSuffix("(gave up after 3 attempts)") == true)
    }

    @Test
    func `a service that says nothing is given up within seconds`() async throws {
        let url = try LoopbackServer.silence().endpoint()
        let error = await Fetching.failure(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
        #expect(error?.code == .timedOut)
        #expect(
            error?.message.hasSuffix("no complete answer within 2 s (gave up after 3 attempts)") == true,
            "\(String(describing: error))"
        )
    }

    @Test
    func `nothing is signed with keys that did not come`() async throws {
        var environment = try environment([Fetching.keys(["SecretAccessKey": ""])])
        let asked = try TemporaryFolder.make().appending(path: "store.json")
        environment["AWS_ENDPOINT_URL_S3"] = try LoopbackServer.answers([.emptyListing], log: asked).endpoint()
        let store = try S3ObjectStore(Fetching.configuration(environment), world: .impatient)
        await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(!FileManager.default.fileExists(atPath: asked.path()))
        #expect(store.statistics.list == 0)
    }
}
