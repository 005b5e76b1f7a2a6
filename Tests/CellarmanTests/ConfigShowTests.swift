import Foundation
import TestSupport
import Testing

/// What `config show` tells, and what it keeps to itself.
struct ConfigShowTests {
    private func document(_ run: CommandRun) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    /// `value <- source` of a setting.
    private func setting(_ name: String, _ run: CommandRun) throws -> String? {
        let settings = try #require(document(run)["settings"] as? [[String: Any]])
        let found = settings.first { $0["name"] as? String == name }
        return found.map { "\($0["value"] as? String ?? "nil") <- \($0["source"] as? String ?? "nil")" }
    }

    private let pair = ["S3_ACCESS_KEY_ID": "GKCANARYKEYID000", "S3_SECRET_ACCESS_KEY": "canary-secret"]

    @Test
    func `tells of every setting where it comes from`() throws {
        let config = try TemporaryFolder.make().appending(path: "config")
        try "[profile garage]\nregion = garage\ns3 =\n  addressing_style = path\n".write(
            to: config,
            atomically: true,
            encoding: .utf8
        )
        let run = try CommandRun(
            [
                "config", "show", "s3://backups/a/", "--endpoint-url", "http://10.0.0.110:3900", "--max-attempts", "5",
                "-o", "json",
            ],
            environment: pair.merging([
                "AWS_PROFILE": "garage", "AWS_CONFIG_FILE": config.path(), "S3_ENDPOINT": "http://not.used",
                "https_proxy": "http://u:canary@proxy:3128",
            ]) { $1 }
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(try setting("bucket", run) == "backups <- the location")
        #expect(try setting("endpoint", run) == "http://10.0.0.110:3900 <- flag --endpoint-url")
        #expect(try setting("region", run) == "garage <- profile garage in \(config.path())")
        #expect(try setting("addressing", run) == "path <- profile garage in \(config.path())")
        #expect(try setting("profile", run) == "garage <- environment AWS_PROFILE")
        #expect(try setting("ca-file", run) == "the system's <- default")
        #expect(try setting("concurrency", run) == "4 <- default, by the endpoint")
        #expect(try setting("max-attempts", run) == "5 <- flag --max-attempts")
        #expect(try setting("credentials-dir", run) == "nil <- default")
        #expect(try setting("proxy", run) == "…@proxy:3128 <- environment https_proxy")
        let credentials = try #require(document(run)["credentials"] as? [String: Any])
        #expect(credentials["source"] as? String == "environment S3_ACCESS_KEY_ID")
        #expect(credentials["accessKeyID"] as? String == "GKCA…")
        #expect(credentials["secretAccessKey"] as? String == "set")
        #expect(credentials["sessionToken"] as? String == "not set")
        #expect(!(run.output + run.errors).contains("canary"))
    }

    @Test
    func `tells in which order it looked, and why the others lost`() throws {
        let run = try CommandRun(["config", "show", "s3://backups"], environment: pair)
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n").drop { !$0.hasPrefix("keys were looked for") }.dropFirst()
        let words = lines.map {
            $0.split(separator: " ", omittingEmptySubsequences: true).prefix(2).joined(separator: " ")
        }
        #expect(
            words == [
                "skipped a", "used environment,", "not needed", "not needed", "not needed", "not needed",
            ]
        )
        #expect(run.output.contains("access key     GKCA…\n"))
        #expect(!run.output.contains("canary"))
    }

    @Test(
        arguments: [
            (["S3_ACCESS_KEY_ID": "KEY"], "half a key pair in environment"),
            ([:], "there are no credentials for s3://backups"),
            (["AWS_PROFILE": "none"], "there is no profile none"),
            (["AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], "half a web identity"),
            (
                ["S3_ACCESS_KEY_ID": "KEY", "S3_SECRET_ACCESS_KEY": "canary", "S3_ENDPOINT": "garage"],
                "does not begin with https"
            ),
            (
                ["S3_ACCESS_KEY_ID": "KEY", "S3_SECRET_ACCESS_KEY": "canary", "AWS_CA_BUNDLE": "/no"],
                "the CA file /no does not exist"
            ),
        ] as [([String: String], String)]
    )
    func `what a store could not be asked with is shown, and an error with a hint`(
        environment: [String: String],
        message: String
    ) throws {
        let run = try CommandRun(["config", "show", "s3://backups"], environment: environment)
        #expect(run.status == 2)
        #expect(run.output.hasPrefix("setting "))
        #expect(run.errors.hasPrefix("cellarman: error: ") && run.errors.contains(message), "\(run.errors)")
        #expect(run.errors.contains("\n  hint: "))
        #expect(!(run.output + run.errors).contains("canary"))
        let json = try CommandRun(["config", "show", "s3://backups", "-o", "json"], environment: environment)
        #expect(json.status == 2)
        #expect(json.errors.hasPrefix("{\"error\":{\"code\":"))
        #expect(try document(json)["schemaVersion"] as? Int == 1)
    }

    @Test
    func `asks no service but with --resolve, and the store not even then`() throws {
        let folder = try TemporaryFolder.make()
        let (keysLog, storeLog) = (folder.appending(path: "keys.json"), folder.appending(path: "store.json"))
        let body = """
            {"AccessKeyId":"ASIACANARY","SecretAccessKey":"canary-secret","Token":"canary-token",
            "Expiration":"2036-01-01T00:00:00Z"}
            """
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": try LoopbackServer.answers([.init(200, body: body)], log: keysLog)
                .endpoint(),
            "S3_ENDPOINT": try LoopbackServer.answers([.init(500)], log: storeLog).endpoint(),
        ]
        let quiet = try CommandRun(["config", "show", "s3://backups"], environment: environment)
        #expect(quiet.status == 0)
        #expect(quiet.output.contains("not asked for yet; --resolve does"))
        #expect(!FileManager.default.fileExists(atPath: keysLog.path()))
        let run = try CommandRun(["config", "show", "s3://backups", "--resolve"], environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("access key     ASIA…\n"))
        #expect(run.output.contains("expires        2036-01-01T00:00:00Z\n"))
        #expect(try LoopbackServer.questions(in: keysLog).count == 1)
        #expect(!FileManager.default.fileExists(atPath: storeLog.path()))
        #expect(!(run.output + run.errors).lowercased().contains("canary"))
    }

    @Test
    func `a directory needs none of it, and no location is no error`() throws {
        #expect(try CommandRun(["config", "show", "Fixtures/buckets/promotions"]).status == 0)
        #expect(try CommandRun(["config", "show"]).status == 0)
        #expect(try CommandRun(["config", "show", "gs://x"]).status == 64)
        #expect(try CommandRun(["config", "show", "--resolve"], environment: pair).status == 64)
    }
}
