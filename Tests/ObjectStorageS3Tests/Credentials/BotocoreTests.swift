import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// The same environment, the same services: botocore ends up with the same keys, from the same kind of place.
struct BotocoreTests {
    private struct Resolved: Decodable {
        let method: String?
        let accessKeyID: String?
        let secretAccessKey: String?
        let sessionToken: String?
        let error: String?
    }

    private static let script = """
        import json, sys, botocore.session
        found = {}
        try:
            keys = botocore.session.Session(profile=sys.argv[1] or None).get_credentials()
            if keys:
                frozen = keys.get_frozen_credentials()
                found = {
                    "method": keys.method, "accessKeyID": frozen.access_key,
                    "secretAccessKey": frozen.secret_key, "sessionToken": frozen.token,
                }
        except Exception as error:
            found = {"error": type(error).__name__}
        print(json.dumps(found))
        """

    /// What botocore makes of an environment.
    private func botocore(_ environment: [String: String], profile: String?) throws -> Resolved {
        let process = try ChildProcess(
            packageRoot.appending(path: ".venv/bin/python").path(),
            ["-c", Self.script, profile ?? ""],
            environment: Fetching.nothing.merging(environment) { $1 }.filter { !$0.value.isEmpty },
            output: .pipe
        )
        let text = process.output.read()
        process.wait()
        return try JSONDecoder().decode(Resolved.self, from: Data(text))
    }

    /// An environment, the services in it made anew for each who asks.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What botocore calls the way: nil where it finds nothing, or fails.
        let method: String?
        /// What we call it.
        let kind: String
        var profile: String?
        var fails = false
        let environment: @Sendable () throws -> [String: String]
    }

    private static let arn = "arn:aws:iam::123456789012:role/auditor"

    private static func files(credentials: String = "", config: String = "") throws -> [String: String] {
        [
            "AWS_SHARED_CREDENTIALS_FILE": try Fetching.file(credentials, name: "credentials"),
            "AWS_CONFIG_FILE": try Fetching.file(config, name: "config"),
        ]
    }

    private static func service(_ answer: LoopbackServer.Answer) throws -> [String: String] {
        let certificates = try PrivateCertificates.shared()
        let server = try LoopbackServer.answers([answer], certificate: certificates.good)
        return [
            "AWS_ENDPOINT_URL_STS": server.endpoint(scheme: "https"), "AWS_CA_BUNDLE": certificates.authority.path(),
            "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1",
        ]
    }

    private static func instance() throws -> [String: String] {
        let answers = try [
            LoopbackServer.Answer(200, body: "token"), .init(200, body: "my-role"), Fetching.keys(),
        ]
        let server = try LoopbackServer.answers(answers)
        return ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.endpoint(), "AWS_EC2_METADATA_DISABLED": ""]
    }

    private static let pair = [
        "AWS_ACCESS_KEY_ID": "ENVKEY", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "t",
    ]
    private static let keys = "[default]\naws_access_key_id = FILEKEY\naws_secret_access_key = secret=#;\n"

    static let cases = [
        Case(testDescription: "nothing", method: nil, kind: "none") { [:] },
        Case(testDescription: "environment", method: "env", kind: "keys") { pair },
        Case(testDescription: "environment before files", method: "env", kind: "keys") {
            try pair.merging(files(credentials: keys)) { $1 }
        },
        Case(testDescription: "half a pair", method: nil, kind: "keys", fails: true) {
            ["AWS_ACCESS_KEY_ID": "ENVKEY"]
        },
        Case(testDescription: "credentials file", method: "shared-credentials-file", kind: "keys") {
            try files(credentials: keys)
        },
        Case(testDescription: "config file", method: "config-file", kind: "keys") { try files(config: keys) },
        Case(testDescription: "credentials file before config file", method: "shared-credentials-file", kind: "keys") {
            try files(credentials: keys, config: keys.replacing("FILEKEY", with: "OTHERKEY"))
        },
        Case(testDescription: "AWS_PROFILE", method: "config-file", kind: "keys") {
            try files(config: keys.replacing("default", with: "profile other")).merging(["AWS_PROFILE": "other"]) { $1 }
        },
        Case(testDescription: "a profile that is named", method: "config-file", kind: "keys", profile: "other") {
            try files(config: keys.replacing("default", with: "profile other")).merging(pair) { $1 }
        },
        Case(testDescription: "no such profile", method: nil, kind: "keys", profile: "none", fails: true) {
            try files(config: keys)
        },
        Case(testDescription: "container", method: "container-role", kind: "container") {
            let server = try LoopbackServer.answers([Fetching.keys()])
            return [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.endpoint() + "/x",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
            ]
        },
        Case(testDescription: "container, a host that is refused", method: nil, kind: "container", fails: true) {
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://10.0.0.1/x"]
        },
        Case(testDescription: "container without an end", method: nil, kind: "container", fails: true) {
            let server = try LoopbackServer.answers([Fetching.keys(["Expiration": nil])])
            return ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.endpoint()]
        },
        Case(testDescription: "instance", method: "iam-role", kind: "instance") { try instance() },
        Case(testDescription: "web identity", method: "assume-role-with-web-identity", kind: "web-identity") {
            try service(Fetching.role("AssumeRoleWithWebIdentity")).merging([
                "AWS_WEB_IDENTITY_TOKEN_FILE": Fetching.file("token"), "AWS_ROLE_ARN": arn,
            ]) { $1 }
        },
        Case(testDescription: "web identity without a role", method: nil, kind: "web-identity", fails: true) {
            ["AWS_WEB_IDENTITY_TOKEN_FILE": try Fetching.file("token")]
        },
        Case(
            testDescription: "web identity in a profile",
            method: "assume-role-with-web-identity",
            kind: "web-identity"
        ) {
            let config = "[default]\nrole_arn=\(arn)\nweb_identity_token_file=\(try Fetching.file("token"))"
            return try service(Fetching.role("AssumeRoleWithWebIdentity")).merging(files(config: config)) { $1 }
        },
        Case(testDescription: "a role by a profile", method: "assume-role", kind: "assume-role") {
            let config =
                "[default]\nrole_arn=\(arn)\nsource_profile=keys\n" + keys.replacing("default", with: "profile keys")
            return try service(Fetching.role("AssumeRole")).merging(files(config: config)) { $1 }
        },
        Case(testDescription: "a role by its own keys", method: "assume-role", kind: "assume-role") {
            let config = keys + "role_arn=\(arn)\nsource_profile=default"
            return try service(Fetching.role("AssumeRole")).merging(files(config: config)) { $1 }
        },
        Case(testDescription: "a role by the instance", method: "assume-role", kind: "assume-role") {
            let config = "[default]\nrole_arn=\(arn)\ncredential_source=Ec2InstanceMetadata"
            return try service(Fetching.role("AssumeRole")).merging(files(config: config)) { $1 }
                .merging(instance()) { $1 }
        },
        Case(testDescription: "roles in a circle", method: nil, kind: "assume-role", fails: true) {
            let config =
                "[default]\nrole_arn=\(arn)\nsource_profile=a\n[profile a]\nrole_arn=\(arn)\nsource_profile=default"
            return try service(Fetching.role("AssumeRole")).merging(files(config: config)) { $1 }
        },
        Case(testDescription: "a role without a source", method: nil, kind: "assume-role", fails: true) {
            try files(config: "[default]\nrole_arn=\(arn)")
        },
    ]

    @Test(arguments: cases)
    func `finds what botocore finds`(example: Case) async throws {
        let theirs = try botocore(example.environment(), profile: example.profile)
        #expect(theirs.method == example.method, "\(theirs)")
        #expect((theirs.error != nil) == example.fails, "\(theirs)")
        let environment = try Fetching.nothing.merging(example.environment()) { $1 }
        let settings = S3SettingsResolver(environment: environment).inspect(profile: example.profile)
        guard !example.fails else {
            guard settings.problem == nil else { return }
            let configuration = try settings.configuration(bucket: "backups")
            await #expect(throws: ObjectStoreError.self) {
                try await configuration.fetcher(.impatient).fetch(configuration.credentials.method)
            }
            return
        }
        #expect((settings.credentials?.value.kind ?? "none") == example.kind)
        guard example.method != nil else { return }
        let configuration = try settings.configuration(bucket: "backups")
        let ours = try await configuration.fetcher(.impatient).fetch(configuration.credentials.method).credentials
        #expect(ours.accessKeyID == theirs.accessKeyID)
        #expect(ours.secretAccessKey.text == theirs.secretAccessKey)
        #expect(ours.sessionToken?.text == theirs.sessionToken)
    }
}
