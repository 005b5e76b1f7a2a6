import Foundation
import TestSupport
import Testing

/// The command against real servers, as a user runs it.
struct BucketTests {
    private static let rclone = Result {
        try LoopbackServer.rclone(directory: packageRoot.appending(path: "Fixtures/buckets"))
    }

    private static func environment(of server: LoopbackServer) throws -> [String: String] {
        let keys = try #require(server.keys)
        return [
            "S3_ACCESS_KEY_ID": keys.accessKeyID, "S3_SECRET_ACCESS_KEY": keys.secretAccessKey,
            "S3_ENDPOINT": server.endpoint(),
        ]
    }

    private func servers(_ run: CommandRun) throws -> String {
        let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let servers = try #require(document?["servers"])
        let data = try JSONSerialization.data(withJSONObject: servers, options: [.sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }

    @Test(arguments: try FixtureBucket.scenarios)
    func `a bucket of rclone and its directory give one report`(scenario: String) throws {
        let server = try Self.rclone.get()
        let arguments = ["-o", "json", "--now", "2036-01-01T00:00:00Z"]
        let remote = try CommandRun(
            ["audit", "s3://\(scenario)", "--quiet"] + arguments,
            environment: Self.environment(of: server)
        )
        let local = try CommandRun(["audit", "Fixtures/buckets/\(scenario)"] + arguments)
        #expect(remote.errors == "")
        #expect(remote.status == local.status)
        #expect(try servers(remote) == servers(local))
    }

    @Test
    func `a http endpoint is warned of once`() throws {
        let server = try Self.rclone.get()
        let run = try CommandRun(["usage", "s3://promotions"], environment: Self.environment(of: server))
        #expect(run.status == 0)
        #expect(run.errors == "cellarman: warning: requests and listings are not encrypted: the endpoint is http\n")
    }

    @Test
    func `a Secret mounted as a directory opens the bucket`() throws {
        let server = try Self.rclone.get()
        let folder = try TemporaryFolder.make()
        let keys = try #require(server.keys)
        try keys.accessKeyID.write(to: folder.appending(path: "ACCESS_KEY_ID"), atomically: true, encoding: .utf8)
        try "\(keys.secretAccessKey)\n".write(
            to: folder.appending(path: "ACCESS_SECRET_KEY"),
            atomically: true,
            encoding: .utf8
        )
        let run = try CommandRun(
            ["backups", "s3://promotions", "--endpoint-url", server.endpoint(), "--credentials-dir", folder.path()]
        )
        #expect(run.status == 0)
        #expect(run.errors.contains("the line end behind ACCESS_SECRET_KEY is left out"))
        #expect(!run.errors.contains(keys.secretAccessKey))
    }

    /// What goes wrong, and the line that says so.
    struct Mishap: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let line: String
        var location = "s3://promotions"
        var changes: [String: String] = [:]
        var arguments: [String] = []
    }

    @Test(arguments: [
        Mishap(
            testDescription: "wrong secret",
            line: "refuses the signature",
            changes: ["S3_SECRET_ACCESS_KEY": "canary-secret-of-the-tests"]
        ),
        Mishap(
            testDescription: "wrong key",
            line: "cellarman: error: ",
            changes: ["S3_ACCESS_KEY_ID": "CANARYKEYID00000"]
        ),
        Mishap(testDescription: "half a pair", line: "S3_SECRET_ACCESS_KEY", changes: ["S3_SECRET_ACCESS_KEY": ""]),
        Mishap(testDescription: "wrong bucket", line: "does not exist", location: "s3://no-such-bucket"),
        Mishap(
            testDescription: "wrong endpoint",
            line: "127.0.0.1:9",
            arguments: ["--endpoint-url", "http://127.0.0.1:9", "--max-attempts", "1"]
        ),
        Mishap(
            testDescription: "no such host",
            line: "nowhere.invalid",
            arguments: ["--endpoint-url", "https://nowhere.invalid", "--max-attempts", "1"]
        ),
        Mishap(testDescription: "wrong prefix", line: "no server below", location: "s3://promotions/wrong/"),
        Mishap(
            testDescription: "no credentials",
            line: "there are no credentials",
            changes: ["S3_ACCESS_KEY_ID": "", "S3_SECRET_ACCESS_KEY": ""]
        ),
    ])
    func `what cannot be reached is one clear line with a hint, and tells no secret`(mishap: Mishap) throws {
        let server = try Self.rclone.get()
        let environment = try Self.environment(of: server).merging(mishap.changes) { $1 }.filter { !$0.value.isEmpty }
        let run = try CommandRun(
            ["audit", mishap.location, "--quiet"] + mishap.arguments,
            environment: environment
        )
        #expect(run.status == 2)
        #expect(run.output == "")
        #expect(run.errors.contains(mishap.line), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 2, "\(run.errors)")
        #expect(run.errors.contains("\n  hint: "))
        for secret in ["canary-secret", "rclone-secret"] { #expect(!run.errors.contains(secret)) }
    }

    @Test
    func `a server that never answers is given up`() throws {
        let server = try LoopbackServer.silence()
        let run = try CommandRun(
            ["audit", "s3://b", "--quiet", "--timeout", "1s", "--endpoint-url", server.endpoint()],
            environment: ["S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "canary-secret"]
        )
        #expect(run.status == 2)
        #expect(run.errors.contains("no answer within 1 s"), "\(run.errors)")
        #expect(run.errors.contains("(gave up after 5 attempts)"), "\(run.errors)")
        #expect(!run.errors.contains("canary"))
    }

    @Test
    func `https on an http port, and the other way round, are told apart`() throws {
        let plain = try Self.rclone.get()
        var environment = try Self.environment(of: plain)
        environment["S3_ENDPOINT"] = "https://127.0.0.1:\(plain.port)"
        let secureOnPlain = try CommandRun(["audit", "s3://promotions"], environment: environment)
        #expect(secureOnPlain.status == 2)
        #expect(secureOnPlain.errors.contains("http"), "\(secureOnPlain.errors)")
        let secure = try LoopbackServer.rclone(
            directory: packageRoot.appending(path: "Fixtures/buckets"),
            certificate: PrivateCertificates.shared().good
        )
        environment["S3_ENDPOINT"] = "http://127.0.0.1:\(secure.port)"
        let plainOnSecure = try CommandRun(["audit", "s3://promotions"], environment: environment)
        #expect(plainOnSecure.status == 2)
        #expect(plainOnSecure.errors.contains("https"), "\(plainOnSecure.errors)")
        environment["S3_ENDPOINT"] = "https://127.0.0.1:\(secure.port)"
        let unknown = try CommandRun(["audit", "s3://promotions"], environment: environment)
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("--ca-file"), "\(unknown.errors)")
        environment["AWS_CA_BUNDLE"] = try PrivateCertificates.shared().authority.path()
        #expect(try CommandRun(["audit", "s3://promotions"], environment: environment).status == 0)
    }
}
