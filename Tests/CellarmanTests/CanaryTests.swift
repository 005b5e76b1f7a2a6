import Foundation
import TestSupport
import Testing

/// Secrets in every place that keys can come from, and no trace of them in anything that the command writes.
struct CanaryTests {
    private static let arn = "arn:aws:iam::123456789012:role/auditor"

    /// A place that keys come from, with canaries in all that is secret there.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var arguments: [String] = []
        let environment: [String: String]
    }

    /// Nothing that may be seen; the beginning of an access key may.
    private static let canaries = ["canary", "y-secret", "y.token"]

    private static func file(_ content: String, name: String = "file") throws -> String {
        let file = try TemporaryFolder.make().appending(path: name)
        try content.write(to: file, atomically: true, encoding: .utf8)
        return file.path()
    }

    private static let json = """
        {"Code":"Success","AccessKeyId":"ASIA0","SecretAccessKey":"canary-secret","Token":"canary.token",
        "Expiration":"2036-01-01T00:00:00Z"}
        """

    private static func sts(_ action: String) -> LoopbackServer.Answer {
        .init(
            200,
            body: """
                <\(action)Response><\(action)Result><Credentials><AccessKeyId>ASIA0</AccessKeyId>\
                <SecretAccessKey>canary-secret</SecretAccessKey><SessionToken>canary.token</SessionToken>\
                <Expiration>2036-01-01T00:00:00Z</Expiration></Credentials></\(action)Result></\(action)Response>
                """
        )
    }

    private static func service(_ answer: LoopbackServer.Answer) throws -> [String: String] {
        let certificates = try PrivateCertificates.shared()
        let server = try LoopbackServer.answers([answer], certificate: certificates.good)
        return [
            "AWS_ENDPOINT_URL_STS": server.endpoint(scheme: "https"), "AWS_CA_BUNDLE": certificates.authority.path(),
            "AWS_WEB_IDENTITY_TOKEN_FILE": try file("canary.token.of.kubernetes"), "AWS_ROLE_ARN": arn,
        ]
    }

    private static func container(_ answer: LoopbackServer.Answer) throws -> [String: String] {
        [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": try LoopbackServer.answers([answer]).endpoint(),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": try file("canary.token.of.the.container"),
        ]
    }

    static func places() throws -> [Place] {
        let pair = [
            "AWS_ACCESS_KEY_ID": "AKIA0", "AWS_SECRET_ACCESS_KEY": "canary-secret", "AWS_SESSION_TOKEN": "canary.token",
        ]
        let secret = try TemporaryFolder.make()
        for (name, value) in pair {
            try "\(value)\n".write(to: secret.appending(path: name), atomically: true, encoding: .utf8)
        }
        let profile = """
            [default]
            aws_access_key_id = AKIA0
            aws_secret_access_key = canary-secret
            aws_session_token = canary.token
            """
        let role = profile + "\nrole_arn = \(arn)\nsource_profile = default\n"
        let answers = [
            LoopbackServer.Answer(200, body: "canary.token.of.imds"), .init(200, body: "role"), .init(200, body: json),
        ]
        let echo = LoopbackServer.Answer(403, body: #"{"Code":"no","Message":"canary.token.of.the.container"}"#)
        let stsEcho = LoopbackServer.Answer(
            400,
            body:
                "<ErrorResponse><Error><Code>no</Code><Message>canary.token.of.kubernetes</Message></Error></ErrorResponse>"
        )
        return try [
            Place(testDescription: "environment", environment: pair),
            Place(testDescription: "variables with line ends", environment: pair.mapValues { $0 + "\n" }),
            Place(
                testDescription: "a line end within",
                environment: pair.merging(["AWS_SECRET_ACCESS_KEY": "canary\n-secret"]) { $1 }
            ),
            Place(testDescription: "half a pair", environment: ["AWS_SECRET_ACCESS_KEY": "canary-secret"]),
            Place(testDescription: "directory", arguments: ["--credentials-dir", secret.path()], environment: [:]),
            Place(testDescription: "profile", environment: ["AWS_SHARED_CREDENTIALS_FILE": file(profile)]),
            Place(
                testDescription: "a broken profile",
                environment: ["AWS_SHARED_CREDENTIALS_FILE": file(profile + "\ncanary-secret")]
            ),
            Place(
                testDescription: "role",
                environment: service(sts("AssumeRole")).merging([
                    "AWS_CONFIG_FILE": file(role), "AWS_WEB_IDENTITY_TOKEN_FILE": "",
                ]) { $1 }
            ),
            Place(testDescription: "web identity", environment: service(sts("AssumeRoleWithWebIdentity"))),
            Place(testDescription: "web identity, half", environment: service(.init(200, body: "<x>canary-secret"))),
            Place(testDescription: "web identity, repeated", environment: service(stsEcho)),
            Place(testDescription: "container", environment: container(.init(200, body: json))),
            Place(
                testDescription: "container, half",
                environment: container(.init(200, body: String(json.dropLast(4))))
            ),
            Place(testDescription: "container, repeated", environment: container(echo)),
            Place(
                testDescription: "instance",
                environment: [
                    "AWS_EC2_METADATA_SERVICE_ENDPOINT": LoopbackServer.answers(
                        Array(repeating: answers, count: 20).flatMap { $0 }
                    ).endpoint(), "AWS_EC2_METADATA_DISABLED": "",
                ]
            ),
        ]
    }

    /// A store that always answers the same, one server of each for all places.
    struct Store: Sendable {
        let name: String
        let server: Result<LoopbackServer, any Error>

        init(name: String, answer: LoopbackServer.Answer) {
            self.name = name
            server = Result { try .answers([answer]) }
        }
    }

    /// A refusal that repeats whatever a server could know of the request.
    private static let refusal = """
        <Error><Code>SignatureDoesNotMatch</Code><Message>canary.token canary-secret</Message>\
        <StringToSign>AWS4-HMAC-SHA256 canary.token</StringToSign></Error>
        """

    private static let stores = [
        Store(
            name: "empty",
            answer: .init(200, body: "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
        ),
        Store(name: "refusing", answer: .init(403, body: refusal)),
        Store(name: "a page", answer: .init(200, body: "<html>canary.token</html>")),
        Store(name: "text", answer: .init(400, body: "bad token canary.token")),
        Store(name: "a redirect", answer: .init(302, headers: ["Location": "http://x/?t=canary.token"])),
    ]

    @Test(arguments: try places())
    func `no canary is in what the command writes`(place: Place) throws {
        for store in Self.stores {
            var environment = place.environment
            environment["AWS_ENDPOINT_URL_S3"] = try store.server.get().endpoint()
            let log = try TemporaryFolder.make().appending(path: "log.jsonl").path()
            for arguments in [
                ["audit", "s3://backups", "--progress", "plain"], ["audit", "s3://backups", "-o", "json"],
                ["config", "show", "s3://backups", "--resolve"],
                ["config", "show", "s3://backups", "--resolve", "-o", "json"],
                ["retention", "apply", "s3://backups", "--policy", "30d", "--yes", "--log", log],
            ] {
                let run = try CommandRun(
                    arguments + place.arguments + ["--max-attempts", "1"],
                    environment: environment
                )
                // None of these stores holds an archive.
                if arguments[0] != "config" { #expect(run.status == 2, "\(run.errors)") }
                let written = run.output + run.errors + ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
                for canary in Self.canaries {
                    #expect(!written.lowercased().contains(canary), "\(store.name), \(arguments): \(written)")
                }
            }
        }
    }

    @Test
    func `none is in the log of a deletion or in what it prints`() throws {
        let objects = try BucketFolder.objects(of: "healthy-gzip")
        let server = try LoopbackServer.moto(bucket: "backups", objects: objects)
        let keys = try #require(server.keys)
        let log = try TemporaryFolder.make().appending(path: "log.jsonl").path()
        let run = try CommandRun(
            [
                "retention", "apply", "s3://backups", "--policy", "REDUNDANCY 1", "--yes", "--log", log, "--progress",
                "plain",
            ],
            environment: [
                "AWS_ACCESS_KEY_ID": keys.accessKeyID, "AWS_SECRET_ACCESS_KEY": keys.secretAccessKey,
                "AWS_ENDPOINT_URL_S3": server.endpoint(),
            ]
        )
        #expect(run.status == 0, "\(run.errors)")
        let written = try run.output + run.errors + String(contentsOfFile: log, encoding: .utf8)
        #expect(written.contains("\"outcome\":\"deleted\""))
        #expect(!written.contains(keys.secretAccessKey))
        #expect(!written.contains("Signature"))
    }
}
