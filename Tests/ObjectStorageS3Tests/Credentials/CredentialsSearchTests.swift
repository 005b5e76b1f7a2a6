import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Which place wins, what is said of the others, and what is wrong with half of something.
struct CredentialsSearchTests {
    private static let arn = "arn:aws:iam::123456789012:role/r"

    private func inspect(
        _ environment: [String: String],
        config: String = "",
        profile: String? = nil,
        directory: String? = nil
    ) -> S3Settings {
        let files = [
            "/config": config, "/secret/ACCESS_KEY_ID": "MOUNTED\n", "/secret/ACCESS_SECRET_KEY": "canary\r\n",
        ]
        let resolver = S3SettingsResolver(environment: environment.merging(["AWS_CONFIG_FILE": "/config"]) { $1 }) {
            path in
            files[path].map { SettingsFile(bytes: Array($0.utf8)) }
        }
        return resolver.inspect(profile: profile, credentialsDirectory: directory)
    }

    private let all = [
        "AWS_ACCESS_KEY_ID": "ENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "canary", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
        "AWS_ROLE_ARN": arn, "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/x",
    ]
    private let keys = "[default]\naws_access_key_id=PROFILE\naws_secret_access_key=canary"

    @Test
    func `the first place in the order wins, and the rest is not needed`() throws {
        var environment = all
        let outcomes = { (settings: S3Settings) in settings.places.map(\.outcome) }
        let mounted = inspect(environment, config: keys, directory: "/secret")
        #expect(mounted.credentials?.value.keys?.accessKeyID == "MOUNTED")
        #expect(outcomes(mounted) == [.used, .notReached, .notReached, .notReached, .notReached, .notReached])
        #expect(inspect(environment, config: keys).credentials?.value.keys?.accessKeyID == "ENVIRONMENT")
        environment["AWS_ACCESS_KEY_ID"] = nil
        environment["AWS_SECRET_ACCESS_KEY"] = nil
        #expect(inspect(environment, config: keys).credentials?.value.kind == "web-identity")
        environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = nil
        #expect(inspect(environment, config: keys).credentials?.value.keys?.accessKeyID == "PROFILE")
        #expect(inspect(environment).credentials?.value.kind == "container")
        environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = nil
        let last = inspect(environment)
        #expect(last.credentials?.value.kind == "instance")
        #expect(outcomes(last) == [.skipped, .empty, .empty, .empty, .empty, .used])
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
        let none = inspect(environment)
        #expect(none.credentials == nil && none.problem == nil)
        #expect(outcomes(none) == [.skipped, .empty, .empty, .empty, .empty, .skipped])
    }

    @Test
    func `a profile that is named leaves the environment out`() {
        let settings = inspect(all, config: keys + "\n[profile other]\nregion=x", profile: "default")
        #expect(settings.credentials?.value.keys?.accessKeyID == "PROFILE")
        #expect(settings.places.map(\.outcome) == [.skipped, .skipped, .skipped, .used, .notReached, .notReached])
        let other = inspect(all, config: keys + "\n[profile other]\nregion=x", profile: "other")
        #expect(other.credentials?.value.kind == "container")
    }

    @Test
    func `a line end that echo left behind is no part of a key, be it mounted or a variable`() throws {
        let mounted = inspect([:], directory: "/secret")
        #expect(mounted.credentials?.value.keys?.secretAccessKey.text == "canary")
        let variables = inspect([
            "S3_ACCESS_KEY_ID": "KEY\n", "S3_SECRET_ACCESS_KEY": "canary\n\n", "S3_ENDPOINT": "http://x\n",
        ])
        #expect(variables.credentials?.value.keys?.accessKeyID == "KEY")
        #expect(variables.credentials?.value.keys?.secretAccessKey.text == "canary")
        #expect(variables.endpoint?.value == "http://x")
        #expect(
            variables.warnings == [
                "environment: the line end behind S3_ACCESS_KEY_ID is left out",
                "environment: the line end behind S3_SECRET_ACCESS_KEY is left out",
                "environment: the line end behind S3_ENDPOINT is left out",
            ]
        )
    }

    /// What is only half there, and what is said of it.
    struct Half: Sendable, CustomTestStringConvertible {
        let message: String
        var environment: [String: String] = [:]
        var config = ""
        var testDescription: String { message }
    }

    @Test(arguments: [
        Half(
            message: "half a key pair in environment: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not",
            environment: ["AWS_ACCESS_KEY_ID": "canary"]
        ),
        Half(
            message: "half a key pair in environment: S3_SECRET_ACCESS_KEY is set, S3_ACCESS_KEY_ID is not",
            environment: ["S3_SECRET_ACCESS_KEY": "canary"]
        ),
        Half(
            message: "half a web identity in environment: AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/canary"]
        ),
        Half(
            message:
                "half a web identity in profile default in /config: web_identity_token_file is set, role_arn is not",
            config: "[default]\nweb_identity_token_file=/canary"
        ),
        Half(
            message:
                "half a role in profile default in /config: role_arn is set, source_profile and credential_source are not",
            config: "[default]\nrole_arn=\(arn)"
        ),
        Half(
            message:
                "half a key pair in profile keys in /config: aws_secret_access_key is set, aws_access_key_id is not",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=keys\n[profile keys]\naws_secret_access_key=canary"
        ),
        Half(
            message: "there is no profile keys in /config",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=keys"
        ),
        Half(
            message: "profile keys, the source_profile in profile default in /config, has no keys",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=keys\n[profile keys]\nregion=x"
        ),
        Half(
            message: "source_profile goes in a circle: default → a → b → a, in profile b in /config",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=a\n[profile a]\nrole_arn=\(arn)\nsource_profile=b\n"
                + "[profile b]\nrole_arn=\(arn)\nsource_profile=a"
        ),
        Half(
            message: "source_profile goes in a circle: default → default, in profile default in /config",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=default"
        ),
        Half(
            message: "profile default in /config has both a source_profile and a credential_source",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=a\ncredential_source=Environment"
        ),
        Half(
            message: "credential_source in profile default in /config is \"env\"",
            config: "[default]\nrole_arn=\(arn)\ncredential_source=env"
        ),
        Half(
            message:
                "credential_source in profile default in /config is Environment, but no key pair is in the environment",
            config: "[default]\nrole_arn=\(arn)\ncredential_source=Environment"
        ),
        Half(
            message:
                "credential_source in profile default in /config is Ec2InstanceMetadata, but AWS_EC2_METADATA_DISABLED is true",
            environment: ["AWS_EC2_METADATA_DISABLED": "true"],
            config: "[default]\nrole_arn=\(arn)\ncredential_source=Ec2InstanceMetadata"
        ),
        Half(
            message:
                "profile default in /config takes a role with a code of a device (mfa_serial), which is not supported",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=a\nmfa_serial=canary"
        ),
        Half(
            message: "profile default in /config gets its keys by sso_session, which is not supported",
            config: "[default]\nsso_session=canary"
        ),
        Half(
            message: "\"admin\" in environment is not the ARN of a role",
            environment: ["AWS_WEB_IDENTITY_TOKEN_FILE": "/canary", "AWS_ROLE_ARN": "admin"]
        ),
        Half(
            message: "\"a b\" in environment is not the name of a role session",
            environment: [
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/canary", "AWS_ROLE_ARN": arn, "AWS_ROLE_SESSION_NAME": "a b",
            ]
        ),
        Half(
            message: "duration_seconds in profile default in /config is \"1\"",
            config: "[default]\nrole_arn=\(arn)\nsource_profile=a\nduration_seconds=1"
        ),
    ])
    func `half of something is an error, and nothing else is taken in its place`(half: Half) {
        let environment = half.environment.merging(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1"]) { $1 }
        let settings = inspect(environment, config: half.config)
        #expect(
            settings.problem.map { $0.message.hasPrefix(half.message) } == true,
            "\(String(describing: settings.problem))"
        )
        #expect(settings.problem?.hint != nil)
        #expect(settings.credentials == nil)
        #expect(settings.places.last?.outcome == .notReached)
        #expect(!"\(settings)".lowercased().contains("canary"))
        #expect(throws: ObjectStoreError.self) { try settings.configuration(bucket: "backups") }
    }

    @Test
    func `half of what is not needed is no error`() {
        let pair = ["AWS_ACCESS_KEY_ID": "KEY", "AWS_SECRET_ACCESS_KEY": "s", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"]
        #expect(inspect(pair, config: "[default]\nrole_arn=x").credentials?.value.keys?.accessKeyID == "KEY")
    }

    @Test
    func `a chain of roles ends at keys`() {
        let chain = """
            [default]
            role_arn = \(Self.arn)
            source_profile = middle
            [profile middle]
            role_arn = \(Self.arn)2
            source_profile = keys
            [profile keys]
            aws_access_key_id = KEYS
            aws_secret_access_key = canary
            """
        let found = inspect([:], config: chain).credentials?.value.description
        let service = "of the token service at https://sts.amazonaws.com"
        #expect(
            found == "role \(Self.arn) \(service), asked for with role \(Self.arn)2 \(service), "
                + "asked for with access key KEYS…, secret redacted"
        )
        // A profile may lend its keys to its own role.
        let own =
            "[default]\nrole_arn=\(Self.arn)\nsource_profile=default\naws_access_key_id=OWNKEY\naws_secret_access_key=x"
        #expect(inspect([:], config: own).credentials?.value.description.contains("access key OWNK…") == true)
    }

    @Test
    func `the source of a role may be a service`() {
        let config = { (source: String) in "[default]\nrole_arn=\(Self.arn)\ncredential_source=\(source)" }
        let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]
        #expect(
            inspect(container, config: config("EcsContainer")).credentials?.value.description
                .hasSuffix("asked for with the container credentials at http://169.254.170.2/v2/x") == true
        )
        #expect(
            inspect([:], config: config("Ec2InstanceMetadata")).credentials?.value.description
                .hasSuffix("asked for with the instance metadata at http://169.254.169.254") == true
        )
    }
}
