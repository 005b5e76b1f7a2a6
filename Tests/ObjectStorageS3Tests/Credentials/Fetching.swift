import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// What tests of services that give keys have in common.
enum Fetching {
    /// Nothing of the machine that the tests run on, and no service but those that a test names.
    static let nothing = ["HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"]

    static func configuration(_ environment: [String: String]) throws -> S3Configuration {
        try S3SettingsResolver(environment: nothing.merging(environment) { $1 }).resolve()
            .configuration(bucket: "backups")
    }

    /// The keys that an environment leads to.
    static func fetch(_ environment: [String: String], world: S3World = .impatient) async throws -> TemporaryCredentials
    {
        let configuration = try configuration(environment)
        return try await configuration.fetcher(world).fetch(configuration.credentials.method)
    }

    /// The error that it ends in, with no canary in it.
    static func failure(_ environment: [String: String]) async -> ObjectStoreError? {
        let error = await #expect(throws: ObjectStoreError.self) { try await fetch(environment) }
        #expect(error.map { "\($0)" }?.lowercased().contains("canary") != true, "\(String(describing: error))")
        #expect(error?.isRetryable != true)
        return error
    }

    /// Keys as metadata services answer them.
    static func keys(
        _ changes: [String: String?] = [:],
        expiration: String = "2036-01-01T00:00:00Z"
    ) throws -> LoopbackServer.Answer {
        var members: [String: String?] = [
            "Code": "Success", "LastUpdated": "2026-11-20T20:30:00Z", "Type": "AWS-HMAC",
            "AccessKeyId": "ASIACANARY", "SecretAccessKey": "canary/secret+", "Token": "canary//token==",
            "Expiration": expiration,
        ]
        members.merge(changes) { $1 }
        let body = try JSONSerialization.data(withJSONObject: members.compactMapValues { $0 })
        return .init(200, headers: ["Content-Type": "application/json"], body: String(decoding: body, as: UTF8.self))
    }

    /// Keys as STS answers them.
    static func role(_ action: String, _ changes: [String: String] = [:]) -> LoopbackServer.Answer {
        let fields = [
            "AccessKeyId": "ASIACANARY", "SecretAccessKey": "canary/secret+", "SessionToken": "canary//token==",
            "Expiration": "2036-01-01T00:00:00Z",
        ].merging(changes) { $1 }.filter { !$0.value.isEmpty }
        let text = fields.sorted { $0.key < $1.key }.map { "<\($0.key)>\($0.value)</\($0.key)>" }.joined()
        return .init(
            200,
            headers: ["Content-Type": "text/xml"],
            body: """
                <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
                <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser>
                <Credentials>\(text)</Credentials>
                </\(action)Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></\(action)Response>
                """
        )
    }

    /// A failure as STS answers it.
    static func roleError(_ status: Int, _ code: String, _ message: String = "no") -> LoopbackServer.Answer {
        .init(
            status,
            body: """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>\
                <Code>\(code)</Code><Message>\(message)</Message></Error><RequestId>r</RequestId></ErrorResponse>
                """
        )
    }

    /// A file with this in it.
    static func file(_ content: String, name: String = "token") throws -> String {
        let file = try TemporaryFolder.make().appending(path: name)
        try content.write(to: file, atomically: true, encoding: .utf8)
        return file.path()
    }
}

extension TemporaryCredentials {
    /// Whether these are the keys of ``Fetching``.
    var areCanary: Bool {
        credentials.accessKeyID == "ASIACANARY" && credentials.secretAccessKey.text == "canary/secret+"
            && credentials.sessionToken?.text == "canary//token=="
    }
}
