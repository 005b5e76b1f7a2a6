import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

struct S3SettingsResolverTests {
    private func resolver(_ environment: [String: String], files: [String: String] = [:]) -> S3SettingsResolver {
        S3SettingsResolver(environment: environment.merging(["HOME": "/home/u"]) { old, _ in old }) { path in
            files[path].map { SettingsFile(bytes: Array($0.utf8)) }
        }
    }

    private let aws = ["AWS_ACCESS_KEY_ID": "AWSKEY", "AWS_SECRET_ACCESS_KEY": "canary"]
    private let s3 = ["S3_ACCESS_KEY_ID": "S3KEY", "S3_SECRET_ACCESS_KEY": "canary"]
    private let plain = ["ACCESS_KEY_ID": "PLAINKEY", "ACCESS_SECRET_KEY": "canary"]

    @Test
    func `finds each family of names in the environment`() throws {
        for (family, key) in [(aws, "AWSKEY"), (s3, "S3KEY"), (plain, "PLAINKEY")] {
            let found = try resolver(family).resolve()
            #expect(found.credentials?.value.keys?.accessKeyID == key)
            #expect(found.credentials?.source.hasPrefix("environment ") == true)
            #expect(found.warnings.isEmpty)
        }
    }

    @Test
    func `takes the first family and names the others`() throws {
        let both = aws.merging(s3) { old, _ in old }
        let found = try resolver(both).resolve()
        #expect(found.credentials?.source == "environment AWS_ACCESS_KEY_ID")
        #expect(
            found.warnings == ["environment: AWS_ACCESS_KEY_ID is used; S3_ACCESS_KEY_ID is another key and is not"]
        )
    }

    @Test(arguments: [
        ["AWS_ACCESS_KEY_ID": "k"], ["AWS_SECRET_ACCESS_KEY": "canary"], ["S3_ACCESS_KEY_ID": "k"],
        ["ACCESS_SECRET_KEY": "canary"], ["AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": ""],
    ])
    func `half a key pair is an error`(environment: [String: String]) {
        let error = #expect(throws: ObjectStoreError.self) { try resolver(environment).resolve() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("half a key pair") == true)
        #expect(error?.description.contains("canary") == false)
    }

    @Test
    func `takes region, endpoint, bucket and authority from the environment`() throws {
        let found = try resolver([
            "AWS_DEFAULT_REGION": "two", "AWS_REGION": "one", "S3_ENDPOINT": "http://three", "S3_BUCKET": "four",
            "AWS_CA_BUNDLE": "/five", "AWS_ENDPOINT_URL_S3": "",
        ]).resolve()
        #expect(found.region?.value == "one")
        #expect(found.endpoint?.source == "environment S3_ENDPOINT")
        #expect(found.bucket?.value == "four")
        #expect(found.caFile?.value == "/five")
    }

    private let files = [
        "/home/u/.aws/credentials": """
        # a comment
        [default]
        aws_access_key_id = DEFAULTKEY
        aws_secret_access_key=canary=with=equals
        [other]
        AWS_ACCESS_KEY_ID = OTHERKEY
        aws_secret_access_key = canary
        aws_session_token = canary
        """,
        "/home/u/.aws/config": """
        [default]
        region = eu-west-1
        ; a comment
        [profile other]
        region = garage
        endpoint_url = http://10.0.0.110:3900
        ca_bundle = /etc/ca.pem
        s3 =
            addressing_style = path
        [profile served]
        services = garage
        [services garage]
        s3 =
          endpoint_url = http://served:3900
        [profile process]
        credential_process = /bin/canary
        """,
    ]

    @Test
    func `takes the default profile where nothing else is set`() throws {
        let found = try resolver([:], files: files).resolve()
        #expect(found.credentials?.value.keys?.accessKeyID == "DEFAULTKEY")
        #expect(found.credentials?.source == "profile default in /home/u/.aws/credentials")
        #expect(found.credentials?.value.keys?.secretAccessKey.text == "canary=with=equals")
        #expect(found.region?.value == "eu-west-1")
    }

    @Test
    func `takes a profile with everything in it`() throws {
        for found in [
            try resolver(["AWS_PROFILE": "other"], files: files).resolve(),
            try resolver(aws, files: files).resolve(profile: "other"),
        ] {
            #expect(found.credentials?.value.keys?.accessKeyID == "OTHERKEY")
            #expect(found.credentials?.value.keys?.sessionToken != nil)
            #expect(found.region?.value == "garage")
            #expect(found.endpoint?.value == "http://10.0.0.110:3900")
            #expect(found.caFile?.value == "/etc/ca.pem")
            #expect(found.addressing?.value == .path)
        }
    }

    @Test
    func `takes the endpoint of a services section`() throws {
        #expect(try resolver([:], files: files).resolve(profile: "served").endpoint?.value == "http://served:3900")
        let ignoring = ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]
        #expect(try resolver(ignoring, files: files).resolve(profile: "served").endpoint == nil)
    }

    @Test
    func `keys of the environment win over a profile of the environment`() throws {
        let found = try resolver(aws.merging(["AWS_PROFILE": "other"]) { old, _ in old }, files: files).resolve()
        #expect(found.credentials?.value.keys?.accessKeyID == "AWSKEY")
        #expect(found.region?.value == "garage")
    }

    @Test
    func `a profile that does not exist is an error`() {
        let error = #expect(throws: ObjectStoreError.self) { try resolver([:], files: files).resolve(profile: "nope") }
        #expect(error?.message.contains("no profile nope in /home/u/.aws/credentials or /home/u/.aws/config") == true)
    }

    @Test
    func `names what it does not support`() throws {
        let error = #expect(throws: ObjectStoreError.self) {
            try resolver([:], files: files).resolve(profile: "process")
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("credential_process") == true)
        #expect(error?.hint?.contains("aws configure export-credentials") == true)
        #expect(error?.description.contains("canary") == false)
    }

    @Test(arguments: [
        ("key = canary", "line 1"), ("[a]\ncanary", "line 2"), ("[a\n", "line 1"),
        ("[default]\naws_access_key_id = x", "half a key pair"),
    ])
    func `says where a profile file is wrong, and not what stands there`(text: String, message: String) {
        let files = ["/home/u/.aws/credentials": text]
        let error = #expect(throws: ObjectStoreError.self) { try resolver([:], files: files).resolve() }
        #expect(error?.message.contains(message) == true)
        #expect(error?.description.contains("canary") == false)
    }

    @Test
    func `reads a mounted Secret, without the line end of echo`() throws {
        let secret = [
            "/secret/ACCESS_KEY_ID": "MOUNTED\n", "/secret/ACCESS_SECRET_KEY": "canary", "/secret/S3_REGION": "garage",
        ]
        let found = try resolver(aws, files: secret).resolve(credentialsDirectory: "/secret")
        #expect(found.credentials?.value.keys?.accessKeyID == "MOUNTED")
        #expect(found.credentials?.source == "directory /secret ACCESS_KEY_ID")
        #expect(found.region?.value == "garage")
        #expect(found.warnings == ["directory /secret: the line end behind ACCESS_KEY_ID is left out"])
    }

    @Test
    func `a directory without a key pair is an error`() {
        let error = #expect(throws: ObjectStoreError.self) { try resolver(aws).resolve(credentialsDirectory: "/x") }
        #expect(error?.hint?.contains("ACCESS_SECRET_KEY") == true)
    }

    @Test
    func `nothing found is an error only when a store is asked for`() throws {
        let found = try resolver(["AWS_EC2_METADATA_DISABLED": "true"]).resolve()
        let error = #expect(throws: ObjectStoreError.self) { try found.configuration(bucket: "b") }
        #expect(error?.code == .accessDenied)
        #expect(error?.hint?.contains("--credentials-dir") == true)
    }

    @Test
    func `warns of a credentials file that others may read`() throws {
        let resolver = S3SettingsResolver(environment: ["HOME": "/h"]) { path in
            path != "/h/.aws/credentials"
                ? nil
                : SettingsFile(
                    bytes: Array("[default]\naws_access_key_id=a\naws_secret_access_key=b".utf8),
                    isReadableByOthers: true
                )
        }
        #expect(try resolver.resolve().warnings.count == 1)
    }

    @Test
    func `reads files of the system`() throws {
        #expect(try SettingsFile.read("/nowhere/at/all") == nil)
        #expect(try SettingsFile.read(packageRoot.path() + "/Package.swift")?.bytes.isEmpty == false)
        let error = #expect(throws: ObjectStoreError.self) { try SettingsFile.read("/") }
        #expect(error?.message.contains("not a regular file") == true)
        #expect(throws: ObjectStoreError.self) { try SettingsFile.read("/dev/zero") }
    }
}
