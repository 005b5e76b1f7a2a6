import Foundation
import ObjectStorage
import TestSupport
import Testing

@testable import ObjectStorageS3

/// Every way not to reach a bucket is one error with a line that says what, and a hint that says what to do.
struct FailureTests {
    /// What is set up wrongly, and what a user reads.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: ObjectStoreError.Code
        let message: String
        let hint: String
        let setUp: @Sendable () throws -> S3Configuration

        init(
            _ description: String,
            _ code: ObjectStoreError.Code,
            _ message: String,
            hint: String,
            setUp: @escaping @Sendable () throws -> S3Configuration
        ) {
            testDescription = description
            self.code = code
            self.message = message
            self.hint = hint
            self.setUp = setUp
        }
    }

    @Test(arguments: credentialCases + addressCases + tlsCases + answerCases)
    func `one error with a clear line and a hint`(example: Case) async throws {
        let configuration = try example.setUp()
        let error = await #expect(throws: ObjectStoreError.self) {
            let store = try S3ObjectStore(configuration, world: .impatient)
            _ = try await store.list(ListRequest(prefix: ""))
        }
        guard let error else { return }
        #expect(error.code == example.code)
        #expect(error.message.contains(example.message), "\(error)")
        #expect(error.hint?.contains(example.hint) ?? example.hint.isEmpty, "\(error)")
        #expect(!error.message.hasSuffix("."))
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", String(reflecting: error), dumped, "\(configuration)"] {
            #expect(!text.contains("canary") && !text.contains("CANARY"), "\(text)")
            #expect(!text.contains("rclone-secret"))
        }
    }

    static func configuration(
        _ server: LoopbackServer,
        _ scheme: Servers.Scheme = .http,
        change: (inout S3Configuration) throws -> Void = { _ in }
    ) throws -> S3Configuration {
        var configuration = try Servers.configuration(of: server, scheme)
        try change(&configuration)
        return configuration
    }

    static let credentialCases: [Case] = [
        Case(
            "a key that moto does not know",
            .accessDenied,
            "does not know access key AKID…",
            hint: "--credentials-dir"
        ) {
            try configuration(Servers.moto(.http)) { $0.credentials = CredentialsSource(.canary) }
        },
        Case("a wrong secret at moto", .accessDenied, "refuses the signature of access key", hint: "--credentials-dir")
        {
            try configuration(Servers.moto(.http)) {
                $0.credentials = CredentialsSource(
                    S3Credentials(
                        accessKeyID: try #require($0.credentials.keys).accessKeyID,
                        secretAccessKey: "canary-secret"
                    )
                )
            }
        },
        Case("a key without rights at moto", .accessDenied, "access to s3://backups at", hint: "may list and read") {
            let server = try Servers.moto(.http)
            return try configuration(server) {
                $0.credentials = CredentialsSource(S3Credentials(try #require(server.stranger)))
            }
        },
        Case("a key that rclone does not know", .accessDenied, "does not know access key", hint: "--profile") {
            try configuration(Servers.rclone(.http)) { $0.credentials = CredentialsSource(.canary) }
        },
        Case("a wrong secret at rclone", .accessDenied, "refuses the signature", hint: "--profile") {
            try configuration(Servers.rclone(.http)) {
                $0.credentials = CredentialsSource(
                    S3Credentials(
                        accessKeyID: try #require($0.credentials.keys).accessKeyID,
                        secretAccessKey: "canary-secret"
                    )
                )
            }
        },
        Case("a bucket that moto does not have", .noSuchBucket, "bucket nobody does not exist", hint: "--endpoint-url")
        {
            try configuration(Servers.moto(.http)) { $0.bucket = "nobody" }
        },
        Case(
            "a bucket that rclone does not have",
            .noSuchBucket,
            "bucket nobody does not exist",
            hint: "--endpoint-url"
        ) {
            try configuration(Servers.rclone(.https), .https) { $0.bucket = "nobody" }
        },
        Case("an empty secret", .invalidConfiguration, "is empty", hint: "environment") {
            S3Configuration(bucket: "b12", credentials: S3Credentials(accessKeyID: "CANARY", secretAccessKey: ""))
        },
        Case("a line end in an access key", .invalidConfiguration, "line ends", hint: "environment") {
            S3Configuration(bucket: "b12", credentials: S3Credentials(accessKeyID: "CANARY\n", secretAccessKey: "x"))
        },
    ]

    static let addressCases: [Case] = [
        Case("a port on which nobody listens", .network, "cannot connect to http://127.0.0.1:1", hint: "host and port")
        {
            S3Configuration(bucket: "backups", endpoint: "http://127.0.0.1:1", credentials: .canary)
        },
        Case(
            "a host that does not exist",
            .network,
            "cannot find the host of https://nobody.invalid",
            hint: "host name"
        ) {
            S3Configuration(bucket: "backups", endpoint: "https://nobody.invalid", credentials: .canary)
        },
        Case("plain HTTP on a TLS port in Go", .tls, "expects TLS on this port", hint: "https://") {
            try configuration(Servers.rclone(.https))
        },
        Case("plain HTTP on a TLS port in Python", .network, "closed the connection", hint: "https://") {
            try configuration(Servers.moto(.https))
        },
        Case("TLS on a plain port in Go", .tls, "does not speak TLS", hint: "http://") {
            try configuration(Servers.rclone(.http), .https)
        },
        Case("TLS on a plain port in Python", .tls, "does not speak TLS", hint: "http://") {
            try configuration(Servers.moto(.http), .https)
        },
        Case("a server that says nothing", .timedOut, "no answer within 200 ms", hint: "something else listens") {
            try configuration(.silence()) {
                $0.timeouts.firstByteOfListing = .milliseconds(200)
                $0.maxAttempts = 2
            }
        },
        Case("a TLS server that says nothing", .network, "in time", hint: "firewalls") {
            try configuration(.silence(), .https) {
                $0.timeouts.connect = .milliseconds(200)
                $0.maxAttempts = 2
            }
        },
        Case(
            "an endpoint without a scheme",
            .invalidConfiguration,
            "does not begin with https://",
            hint: "https://host"
        ) {
            S3Configuration(bucket: "backups", endpoint: "s3.example.com", credentials: .canary)
        },
        Case("an endpoint with the bucket in it", .invalidConfiguration, "has a path", hint: "s3://bucket") {
            S3Configuration(bucket: "backups", endpoint: "https://s3.example.com/backups", credentials: .canary)
        },
        Case("an endpoint with a password", .invalidConfiguration, "contains a user name", hint: "--credentials-dir") {
            S3Configuration(bucket: "backups", endpoint: "https://u:canary@s3.example.com", credentials: .canary)
        },
        Case("a port out of range", .invalidConfiguration, "no valid port", hint: "http://host:port") {
            S3Configuration(bucket: "backups", endpoint: "https://s3.example.com:99999", credentials: .canary)
        },
        Case("the address of a metadata service", .invalidConfiguration, "link-local", hint: "https://host") {
            S3Configuration(bucket: "backups", endpoint: "http://169.254.169.254", credentials: .canary)
        },
        Case("a bucket that is none", .invalidConfiguration, "is not the name of a bucket", hint: "s3://bucket/prefix")
        {
            S3Configuration(bucket: "a/b", credentials: .canary)
        },
        Case("a region that is none", .invalidConfiguration, "is not the name of a region", hint: "--region") {
            S3Configuration(bucket: "backups", region: "eu/../x", credentials: .canary)
        },
    ]

    static let tlsCases: [Case] = [
        Case("an expired certificate", .tls, "has expired", hint: "renew it") {
            try secure(PrivateCertificates.shared().expired)
        },
        Case("a certificate of tomorrow", .tls, "is not valid yet", hint: "clock") {
            try secure(PrivateCertificates.shared().future)
        },
        Case("a certificate for another host", .tls, "is for another host", hint: "--endpoint-url") {
            try secure(PrivateCertificates.shared().otherHost)
        },
        Case("an authority that nobody knows", .tls, "unknown authority", hint: "--ca-file") {
            try secure(PrivateCertificates.shared().good) { $0.caFile = nil }
        },
        Case("another authority", .tls, "unknown authority", hint: "other-authority.pem") {
            try secure(PrivateCertificates.shared().good) {
                $0.caFile = try PrivateCertificates.shared().otherAuthority.path()
            }
        },
        Case("a CA file that is missing", .invalidConfiguration, "does not exist", hint: "--ca-file") {
            S3Configuration(bucket: "backups", credentials: .canary).with { $0.caFile = "/nowhere/ca.pem" }
        },
        Case("a CA file without a certificate", .invalidConfiguration, "holds no certificate", hint: "PEM") {
            S3Configuration(bucket: "backups", credentials: .canary).with { $0.caFile = #filePath }
        },
    ]

    static let answerCases: [Case] = [
        Case("a web page", .badResponse, "an HTML page", hint: "S3 API") {
            try answering(.init(200, headers: ["Content-Type": "text/html"], body: "<!DOCTYPE html><html>login</html>"))
        },
        Case("a web page that is not found", .badResponse, "status 404 and an HTML page", hint: "S3 API") {
            try answering(.init(404, body: "<html><body>nothing here</body></html>"))
        },
        Case("a redirect", .badResponse, "redirects to https://elsewhere.example/x", hint: "--endpoint-url") {
            try answering(.init(302, headers: ["Location": "https://elsewhere.example/x?token=canary"]))
        },
        Case("an empty page", .badResponse, "the document is empty", hint: "") { try answering(.init(200)) },
        Case("a listing that was cut", .badResponse, "not well-formed XML", hint: "") {
            try answering(.init(200, body: "<ListBucketResult><IsTruncated>false</IsTruncated>"))
        },
        Case("a compressed listing", .badResponse, "wanted a listing without compression", hint: "") {
            try answering(.init(200, headers: ["Content-Encoding": "gzip"], body: "\u{1F}compressed"))
        },
        Case("an answer that repeats the token", .accessDenied, "left out", hint: "may list") {
            try answering(.error(403, "AccessDenied", "<Message>token was canary-token</Message>"))
        },
        Case("an answer that repeats the signature", .accessDenied, "left out", hint: "may list") {
            try answering(.error(403, "AccessDenied", "<Message>AWS4-HMAC-SHA256 Credential=AKIDCANARY</Message>"))
        },
        Case("an answer with control characters", .badResponse, "\\u{9B}31m", hint: "--region") {
            try answering(.error(400, "Bad", "<Message>\u{9B}31m</Message>"))
        },
        Case("an overloaded store", .throttled, "gave up after 8 attempts", hint: "--concurrency") {
            try answering(.error(503, "SlowDown", headers: ["Retry-After": "86400"]))
        },
        Case("a failing store", .server, "500 InternalError (gave up after 5 attempts)", hint: "") {
            try answering(.error(500, "InternalError"))
        },
        Case("an error in an answer of success", .server, "InternalError", hint: "") {
            try answering(.error(200, "InternalError"))
        },
        Case("a region that is always another", .wrongRegion, "in region two", hint: "--region three") {
            let regions = ["one", "two", "three"].map {
                LoopbackServer.Answer.error(400, "AuthorizationHeaderMalformed", "<Region>\($0)</Region>")
            }
            let server = try LoopbackServer.answers([regions[1], regions[2]])
            return try configuration(server) { $0.region = "one" }
        },
        Case("a region that breaks out of a host name", .wrongRegion, "in region us-east-1", hint: "--region") {
            try answering(.error(400, "AuthorizationHeaderMalformed", "<Region>../../evil</Region>"))
        },
        Case("a clock that stays wrong", .clockSkew, "too far apart", hint: "clock of this machine") {
            try answering(.error(403, "RequestTimeTooSkewed"))
        },
        Case("two lengths", .badResponse, "breaks HTTP", hint: "proxy") {
            try answering(.init(200, headers: ["Content-Length": "5", "content-length": "6"], body: "12345"))
        },
        Case("an expired token", .accessDenied, "session token of access key AKID… is refused", hint: "temporary") {
            try answering(.error(400, "ExpiredToken", "<Message>The provided token has expired.</Message>"))
        },
    ]

    static func answering(_ answer: LoopbackServer.Answer) throws -> S3Configuration {
        try configuration(.answers([answer]))
    }

    static func secure(
        _ certificate: URL,
        change: (inout S3Configuration) throws -> Void = { _ in }
    ) throws -> S3Configuration {
        try configuration(.answers([.emptyListing], certificate: certificate), .https, change: change)
    }
}

extension S3Configuration {
    fileprivate func with(_ change: (inout S3Configuration) -> Void) -> S3Configuration {
        var copy = self
        change(&copy)
        return copy
    }
}
