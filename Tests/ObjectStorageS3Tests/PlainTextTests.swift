import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// What is not sent over http where anybody may be on the way.
struct PlainTextTests {
    private func store(_ endpoint: String, token: String?, allowed: Bool = false) throws -> S3ObjectStore {
        let credentials = S3Credentials(accessKeyID: "KEY", secretAccessKey: "secret", sessionToken: token)
        var configuration = S3Configuration(bucket: "backups", endpoint: endpoint, credentials: credentials)
        configuration.allowsPublicHTTP = allowed
        configuration.maxAttempts = 1
        configuration.timeouts.connect = .milliseconds(1)
        return try S3ObjectStore(configuration)
    }

    // 203.0.113.0/24 is for documentation: nobody answers there.
    private static let strangers = "http://203.0.113.1:3900"

    @Test
    func `a session token does not cross the internet unencrypted`() async throws {
        let error = await #expect(throws: ObjectStoreError.self) {
            _ = try await store(Self.strangers, token: "canary").list(ListRequest(prefix: ""))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.hasPrefix("the session token is not sent over http") == true)
        #expect(error?.message.contains("canary") == false)
        for (endpoint, token, allowed) in [
            (Self.strangers, nil, false), (Self.strangers, "token", true), ("https://203.0.113.1", "token", false),
        ] {
            let error = await #expect(throws: ObjectStoreError.self) {
                _ = try await store(endpoint, token: token, allowed: allowed).list(ListRequest(prefix: ""))
            }
            #expect(error?.code != .invalidConfiguration, "\(endpoint)")
        }
    }

    @Test
    func `nothing is deleted on a listing that anybody could have forged`() async throws {
        let error = await #expect(throws: ObjectStoreError.self) {
            _ = try await store(Self.strangers, token: nil).delete(["a"])
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.hasPrefix("nothing is deleted in s3://backups over http") == true)
    }

    @Test(
        arguments: [
            ("10.0.0.110", true), ("192.168.1.2", true), ("172.16.0.1", true), ("172.32.0.1", false),
            ("100.64.0.1", true), ("100.128.0.1", false), ("127.0.0.2", true),
            ("127.example.com", false), ("10.example.com", false), ("8.8.8.8", false), ("256.0.0.1", false),
            ("localhost", true), ("garage", true), ("garage.storage.svc", true), ("minio.svc.cluster.local", true),
            ("nas.lan", true), ("s3.example.com", false), ("[::1]", true), ("[fd00::1]", true),
            ("[2001:db8::1]", false), ("localhost.example.com", false),
        ]
    )
    func `private is what no public network leads to`(host: String, isPrivate: Bool) throws {
        let credentials = S3Credentials(accessKeyID: "KEY", secretAccessKey: "secret")
        let configuration = S3Configuration(bucket: "backups", endpoint: "http://\(host)", credentials: credentials)
        #expect(try S3Endpoint(configuration, region: "garage").isPrivate == isPrivate)
    }
}
