import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Keys of a role: by a web identity, or by other keys.
///
/// STS is always https, also on loopback.
struct RoleCredentialsTests {
    private static let arn = "arn:aws:iam::123456789012:role/auditor"
    private let log: URL

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    private func environment(_ answers: [LoopbackServer.Answer], token: String = "canary.of.kubernetes\n") throws
        -> [String: String]
    {
        let certificates = try PrivateCertificates.shared()
        let server = try LoopbackServer.answers(answers, certificate: certificates.good, log: log)
        return [
            "AWS_ENDPOINT_URL_STS": server.endpoint(scheme: "https"), "AWS_CA_BUNDLE": certificates.authority.path(),
            "AWS_WEB_IDENTITY_TOKEN_FILE": try Fetching.file(token), "AWS_ROLE_ARN": Self.arn,
        ]
    }

    @Test
    func `a web identity is in the body, and the request is not signed`() async throws {
        var environment = try environment([Fetching.role("AssumeRoleWithWebIdentity")])
        environment["AWS_ROLE_SESSION_NAME"] = "me@here"
        let found = try await Fetching.fetch(environment)
        #expect(found.areCanary)
        #expect(found.expiration == 2_082_758_400_000_000)
        let question = try #require(try LoopbackServer.questions(in: log).first)
        #expect(question.method == "POST" && question.target == "/")
        #expect(question.headers["authorization"] == nil)
        #expect(
            question.body
                == "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fauditor"
                + "&RoleSessionName=me%40here&Version=2011-06-15&WebIdentityToken=canary.of.kubernetes"
        )
    }

    @Test
    func `moto gives a role for a token, and then the bucket for its keys`() async throws {
        let server = try Servers.moto(.https)
        let environment = [
            "AWS_ENDPOINT_URL": server.endpoint(scheme: "https"), "AWS_ROLE_ARN": try #require(server.role),
            "AWS_CA_BUNDLE": try PrivateCertificates.shared().authority.path(),
            "AWS_WEB_IDENTITY_TOKEN_FILE": try Fetching.file("any.token.will-do"),
        ]
        let store = try S3ObjectStore(Fetching.configuration(environment))
        #expect(try await store.list(ListRequest(prefix: "")).count > 0)
    }

    @Test
    func `moto gives a role for a signature, and then the bucket for its keys`() async throws {
        let server = try Servers.moto(.https)
        let keys = try #require(server.keys)
        let config = """
            [profile audit]
            role_arn = \(try #require(server.role))
            source_profile = keys
            external_id = who-knows
            duration_seconds = 900
            [profile keys]
            aws_access_key_id = \(keys.accessKeyID)
            aws_secret_access_key = \(keys.secretAccessKey)
            """
        let environment = [
            "AWS_ENDPOINT_URL": server.endpoint(scheme: "https"), "AWS_PROFILE": "audit",
            "AWS_CONFIG_FILE": try Fetching.file(config),
            "AWS_CA_BUNDLE": try PrivateCertificates.shared().authority.path(),
        ]
        let store = try S3ObjectStore(Fetching.configuration(environment))
        #expect(try await store.list(ListRequest(prefix: "")).count > 0)
        let wrong = try Fetching.file(config.replacing(keys.secretAccessKey, with: "canary-secret"))
        let error = await Fetching.failure(environment.merging(["AWS_CONFIG_FILE": wrong]) { $1 })
        #expect(error?.message.contains("SignatureDoesNotMatch") == true, "\(String(describing: error))")
    }

    /// What comes instead of keys, what is said of it, and how often it is asked for.
    struct Mishap: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: LoopbackServer.Answer
        let message: String
        var attempts = 3
    }

    private static let action = "AssumeRoleWithWebIdentity"

    @Test(arguments: [
        Mishap(testDescription: "a page", answer: .init(200, body: "<html>canary</html>"), message: "an HTML page"),
        Mishap(testDescription: "nothing", answer: .init(200), message: "not that of \(action)"),
        Mishap(
            testDescription: "another answer",
            answer: Fetching.role("AssumeRole"),
            message: "not that of \(action)"
        ),
        Mishap(
            testDescription: "JSON",
            answer: .init(200, body: #"{"Error":{"Code":"canary"}}"#),
            message: "not that of \(action)"
        ),
        Mishap(
            testDescription: "a document type",
            answer: .init(200, body: "<!DOCTYPE x [<!ENTITY a 'canary'>]><x>&a;</x>"),
            message: "not that of \(action)"
        ),
        Mishap(
            testDescription: "no secret",
            answer: Fetching.role(action, ["SecretAccessKey": ""]),
            message: "SecretAccessKey is missing"
        ),
        Mishap(
            testDescription: "no token",
            answer: Fetching.role(action, ["SessionToken": ""]),
            message: "SessionToken is missing"
        ),
        Mishap(
            testDescription: "a strange end",
            answer: Fetching.role(action, ["Expiration": "never"]),
            message: "Expiration is not a time"
        ),
        Mishap(
            testDescription: "an end in the past",
            answer: Fetching.role(action, ["Expiration": "2020-01-01T00:00:00Z"]),
            message: "expired"
        ),
        Mishap(
            testDescription: "a line end",
            answer: Fetching.role(action, ["SessionToken": "canary&#13;&#10;x: y"]),
            message: "blanks or line ends"
        ),
        Mishap(
            testDescription: "an expired token",
            answer: Fetching.roleError(400, "ExpiredTokenException"),
            message: "answers 400: ExpiredTokenException: no",
            attempts: 1
        ),
        Mishap(
            testDescription: "a token that may be replaced meanwhile",
            answer: Fetching.roleError(400, "InvalidIdentityToken"),
            message: "InvalidIdentityToken"
        ),
        Mishap(
            testDescription: "a provider that cannot be asked",
            answer: Fetching.roleError(400, "IDPCommunicationError"),
            message: "IDPCommunicationError"
        ),
        Mishap(
            testDescription: "no right",
            answer: Fetching.roleError(403, "AccessDenied", "not this role"),
            message: "AccessDenied: not this role",
            attempts: 1
        ),
        Mishap(
            testDescription: "the token in its words",
            answer: Fetching.roleError(403, "AccessDenied", "canary.of.kubernetes is not trusted"),
            message: "its words repeat the request",
            attempts: 1
        ),
        Mishap(
            testDescription: "a failure",
            answer: Fetching.roleError(500, "InternalFailure"),
            message: "InternalFailure"
        ),
        Mishap(
            testDescription: "a redirect",
            answer: .init(307, headers: ["Location": "https://127.0.0.1:9/canary"]),
            message: "answers 307",
            attempts: 1
        ),
    ])
    func `57 an answer without keys is an error that says what came`(mishap: Mishap) async throws {
        let error = await Fetching.failure(try environment([mishap.answer]))
        #expect(
            error?.message.contains("the token service at https://127.0.0.1") == true,
            "\(String(describing: error))"
        )
        #expect(error?.message.contains(mishap.message) == true, "\(String(describing: error))")
        #expect(try LoopbackServer.questions(in: log).count == mishap.attempts)
    }

    @Test(arguments: ["", "\n", "two\nlines", String(repeating: "x", count: 20_001)])
    func `a token that is none is not sent`(token: String) async throws {
        let error = await Fetching.failure(try environment([.init(200)], token: token))
        #expect(error?.code == .invalidConfiguration)
        #expect(!FileManager.default.fileExists(atPath: log.path()))
    }

    @Test
    func `a token file that is missing is an error with its name`() async throws {
        var environment = try environment([.init(200)])
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/nowhere/token"
        #expect(await Fetching.failure(environment)?.message == "the token file /nowhere/token does not exist")
    }

    @Test
    func `no certificate is trusted that is not to be`() async throws {
        var environment = try environment([Fetching.role(Self.action)])
        environment["AWS_CA_BUNDLE"] = try PrivateCertificates.shared().otherAuthority.path()
        #expect(await Fetching.failure(environment)?.code == .tls)
    }

    @Test(arguments: ["http://127.0.0.1:1", "http://sts.amazonaws.com", "https://u:canary@host", "canary"])
    func `a token service has to be https, on loopback too`(url: String) throws {
        let environment = try environment([.init(200)]).merging(["AWS_ENDPOINT_URL_STS": url]) { $1 }
        let error = #expect(throws: ObjectStoreError.self) { try Fetching.configuration(environment) }
        #expect(error?.message.hasPrefix("the token service in environment AWS_ENDPOINT_URL_STS is ") == true)
        #expect(error?.message.contains("u:canary") == false)
    }

    @Test(arguments: [
        (nil, "sts.amazonaws.com"), ("eu-central-1", "sts.eu-central-1.amazonaws.com"), ("garage", "sts.amazonaws.com"),
        ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn"), ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
        ("auto", "sts.amazonaws.com"),
    ])
    func `the token service is that of the region`(region: String?, host: String) throws {
        let environment = [
            "AWS_REGION": region ?? "", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "AWS_ROLE_ARN": Self.arn,
        ]
        let found = try Fetching.configuration(environment).credentials.description
        #expect(found == "role \(Self.arn) by the token in /t of the token service at https://\(host)")
    }
}
