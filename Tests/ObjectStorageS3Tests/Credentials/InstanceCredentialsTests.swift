import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// The metadata service of an EC2 instance.
struct InstanceCredentialsTests {
    private let log: URL

    init() throws {
        log = try TemporaryFolder.make().appending(path: "log.json")
    }

    private func environment(_ answers: [LoopbackServer.Answer]) throws -> [String: String] {
        let server = try LoopbackServer.answers(answers, log: log)
        return ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint() + "/", "AWS_EC2_METADATA_DISABLED": ""]
    }

    private let token = LoopbackServer.Answer(200, body: "canary-of-imds")
    private let role = LoopbackServer.Answer(200, body: "my-role\n")

    @Test
    func `asks for a token, the role and its keys`() async throws {
        let found = try await Fetching.fetch(environment([token, role, Fetching.keys()]))
        #expect(found.areCanary)
        let questions = try LoopbackServer.questions(in: log)
        let path = "/latest/meta-data/iam/security-credentials/"
        #expect(
            questions.map { "\($0.method) \($0.target)" } == [
                "PUT /latest/api/token", "GET \(path)", "GET \(path)my-role",
            ]
        )
        #expect(questions[0].headers["x-aws-ec2-metadata-token-ttl-seconds"] == "21600")
        #expect(questions.dropFirst().allSatisfy { $0.headers["x-aws-ec2-metadata-token"] == "canary-of-imds" })
    }

    @Test(arguments: [403, 404, 405])
    func `never falls back to the first version`(status: Int) async throws {
        let error = await Fetching.failure(try environment([.init(status, body: "canary")]))
        #expect(error?.message.contains("answers \(status)") == true)
        #expect(error?.message.hasPrefix("there are no credentials: none are configured, and ") == true)
        #expect(error?.hint?.contains("AWS_EC2_METADATA_DISABLED=true") == true)
        #expect(try LoopbackServer.questions(in: log).map(\.method) == ["PUT"])
    }

    @Test(arguments: ContainerCredentialsTests.mishaps)
    func `57 an answer without keys is an error that says what came`(mishap: ContainerCredentialsTests.Mishap)
        async throws
    {
        let token = LoopbackServer.Answer(200, body: "the-canary-token")
        let answers = Array(repeating: [token, role, mishap.answer], count: 3).flatMap { $0 }
        let error = await Fetching.failure(try environment(answers))
        #expect(error?.message.contains(mishap.message) == true, "\(String(describing: error))")
        #expect(try LoopbackServer.questions(in: log).count == 3 * mishap.attempts)
    }

    @Test(arguments: ["", "a\nb", "../../canary", "a b", "<html>"])
    func `a role that is no name is not asked for`(name: String) async throws {
        let answers = Array(repeating: [token, .init(200, body: name)], count: 3).flatMap { $0 }
        let error = await Fetching.failure(try environment(answers))
        #expect(error?.message.contains("is not the name of one") == true, "\(String(describing: error))")
        #expect(try LoopbackServer.questions(in: log).count == 6)
    }

    @Test
    func `a silent one is given up within seconds, with a hint at the hop limit`() async throws {
        let profile = "[profile ec2]\nrole_arn=arn:aws:iam::123456789012:role/r\ncredential_source=Ec2InstanceMetadata"
        let error = await Fetching.failure([
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": try LoopbackServer.silence().endpoint(), "AWS_PROFILE": "ec2",
            "AWS_EC2_METADATA_DISABLED": "false", "AWS_CONFIG_FILE": try Fetching.file(profile),
        ])
        #expect(error?.code == .timedOut)
        #expect(error?.hint?.contains("hop limit") == true)
        #expect(error?.message.hasSuffix("within 2 s (gave up after 3 attempts)") == true)
    }

    @Test
    func `is asked as its variables say`() throws {
        let settings = { (environment: [String: String]) in
            S3SettingsResolver(environment: environment).inspect()
        }
        #expect(settings([:]).credentials?.value.description == "the instance metadata at http://169.254.169.254")
        let six = settings(["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"])
        #expect(six.credentials?.value.description == "the instance metadata at http://[fd00:ec2::254]")
        #expect(settings(["AWS_EC2_METADATA_DISABLED": "TRUE"]).credentials == nil)
        for (name, value) in [
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "here"),
            ("AWS_METADATA_SERVICE_TIMEOUT", "soon"), ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "0"),
        ] {
            #expect(settings([name: value]).problem?.message.contains(name) == true)
        }
    }
}
