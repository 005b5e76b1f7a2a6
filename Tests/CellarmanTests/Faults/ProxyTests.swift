import Foundation
import TestSupport
import Testing

/// The command behind a proxy, which may fail, refuse, or answer in the store's place.
struct ProxyTests {
    private static let bucket = Task { try await FaultyBucket("promotions", pageSize: 7) }
    private static let arguments = ["audit", "s3://backups", "-o", "json", "--now", "2036-01-01T00:00:00Z", "--quiet"]

    private func run(_ endpoint: String, _ proxy: HostileServer? = nil, caFile: URL? = nil) throws -> CommandRun {
        var environment = [
            "S3_ACCESS_KEY_ID": "CANARYKEYID", "S3_SECRET_ACCESS_KEY": "canary-secret", "S3_ENDPOINT": endpoint,
        ]
        environment["http_proxy"] = proxy?.endpoint
        environment["https_proxy"] = proxy?.endpoint
        environment["AWS_CA_BUNDLE"] = caFile?.path()
        return try CommandRun(Self.arguments, environment: environment)
    }

    private func servers(_ run: CommandRun) throws -> String {
        let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let data = try JSONSerialization.data(withJSONObject: #require(document?["servers"]), options: [.sortedKeys])
        return String(decoding: data, as: UTF8.self)
    }

    /// The same request as the store would get it.
    private static func origin(_ question: HostileServer.Question) -> HostileServer.Question {
        var question = question
        question.target = question.target.replacing("http://store.example", with: "")
        return question
    }

    private func expectRefusal(_ run: CommandRun, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(run.status == 2 && run.output == "", "\(run.errors)", sourceLocation: sourceLocation)
        #expect(run.errors.contains(text), "\(run.errors)", sourceLocation: sourceLocation)
        for secret in ["canary", "CANARY", "Signature="] {
            #expect(!run.errors.contains(secret), "\(run.errors)", sourceLocation: sourceLocation)
        }
    }

    @Test
    func `a proxy that passes requests on changes nothing, not even one that fails once`() async throws {
        let bucket = try await Self.bucket.value.bucket
        let store = try HostileServer { bucket.answer($0) }
        let direct = try withExtendedLifetime(store) { try run(store.endpoint) }
        let proxy = try HostileServer { question in
            question.number == 3 ? .answer(502, [:], "<html>bad gateway</html>") : bucket.answer(Self.origin(question))
        }
        let behind = try run("http://store.example", proxy)
        #expect(behind.status == direct.status && behind.errors == "")
        #expect(try servers(behind) == servers(direct))
        #expect(proxy.questions.allSatisfy { $0.target.hasPrefix("http://store.example/backups") })
    }

    @Test(
        arguments: [
            (.answer(407, [:], "<html>"), "a proxy wants credentials"),
            (.answer(404, [:], "<html>no such host</html>"), "does not say what of s3://backups is missing"),
            (.answer(200, [:], "<html>welcome</html>"), "with an HTML page"),
            (.answer(302, ["Location": "http://login.example/"]), "never followed"),
        ] as [([HostileServer.Step], String)]
    )
    func `a proxy that answers itself ends it`(answer: [HostileServer.Step], message: String) throws {
        try expectRefusal(run("http://store.example", HostileServer { _ in answer }), message)
    }

    @Test
    func `a proxy that nobody answers at ends it`() throws {
        let port = try HostileServer { _ in [] }.port
        let run = try CommandRun(
            Self.arguments + ["--max-attempts", "1"],
            environment: [
                "S3_ACCESS_KEY_ID": "CANARYKEYID", "S3_SECRET_ACCESS_KEY": "canary-secret",
                "S3_ENDPOINT": "https://store.example", "https_proxy": "http://127.0.0.1:\(port)",
            ]
        )
        expectRefusal(run, "cannot connect")
    }

    // MARK: Tunnels, for https

    /// A tunnel to a port, behind what `answer` says to a connection.
    private func tunnel(
        to port: Int,
        answer: @escaping @Sendable (HostileServer.Question) -> [HostileServer.Step]? = { _ in nil }
    ) throws -> HostileServer {
        try HostileServer { question in
            answer(question) ?? [
                .send(Array("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n".utf8)), .tunnel(port: port),
            ]
        }
    }

    @Test
    func `a tunnel through a proxy changes nothing, not even one that fails once`() throws {
        let certificates = try PrivateCertificates.shared()
        let rclone = try LoopbackServer.rclone(
            directory: packageRoot.appending(path: "Fixtures/buckets"),
            certificate: certificates.otherHost
        )
        let proxy = try tunnel(to: rclone.port) { $0.number == 0 ? .answer(502) : nil }
        let keys = try #require(rclone.keys)
        let behind = try CommandRun(
            ["audit", "s3://promotions"] + Self.arguments.dropFirst(2),
            environment: [
                "S3_ACCESS_KEY_ID": keys.accessKeyID, "S3_SECRET_ACCESS_KEY": keys.secretAccessKey,
                "S3_ENDPOINT": "https://other.example", "https_proxy": proxy.endpoint,
                "AWS_CA_BUNDLE": certificates.authority.path(),
            ]
        )
        let direct = try CommandRun(["audit", "Fixtures/buckets/promotions"] + Self.arguments.dropFirst(2))
        #expect(behind.errors == "" && behind.status == direct.status)
        #expect(try servers(behind) == servers(direct))
        // What is said to the proxy itself is signed by nobody.
        #expect(proxy.questions.allSatisfy { $0.method == "CONNECT" && $0.headers["authorization"] == nil })
        #expect(proxy.questions.allSatisfy { !$0.headers.keys.contains { $0.hasPrefix("x-amz") } })
    }

    @Test
    func `the store's answer counts, and not that of the proxy before it`() throws {
        let certificates = try PrivateCertificates.shared()
        let denied = LoopbackServer.Answer(403, body: "<Error><Code>AccessDenied</Code></Error>")
        let store = try LoopbackServer.answers([denied], certificate: certificates.otherHost)
        let run = try run("https://other.example", tunnel(to: store.port), caFile: certificates.authority)
        expectRefusal(run, "is denied (403 AccessDenied)")
    }

    @Test(arguments: [
        (407, "the proxy gives no connection to https://other.example: it answers 407"),
        (403, "the proxy gives no connection to https://other.example: it answers 403"),
        (200, "the certificate of https://other.example comes from an unknown authority"),
    ])
    func `a proxy that gives no tunnel, or one with its own certificate, ends it`(status: Int, text: String) throws {
        let certificates = try PrivateCertificates.shared()
        let store = try LoopbackServer.answers([.init(200)], certificate: certificates.otherHost)
        let proxy = try tunnel(to: store.port) { _ in status == 200 ? nil : .answer(status, [:], "<html>canary</html>")
        }
        let run = try run("https://other.example", proxy, caFile: certificates.otherAuthority)
        expectRefusal(run, text)
        #expect(proxy.questions.count == 1)
    }
}
