import Foundation
import TestSupport
import Testing

/// A store whose name leads somewhere else while it is read: the command runs where /etc/hosts is another file.
struct MovedHostTests {
    private static let wrapper =
        (getuid() == 0 ? [] : ["--map-root-user"]) + [
            "--mount", "/bin/sh", "-c", #"mount --bind "$0" /etc/hosts && exec "$@""#,
        ]

    /// Whether this system lets the tests have a view of files of their own.
    private static let isAllowed: Bool = {
        let words = wrapper.dropLast() + ["mount --bind /etc/hosts /etc/hosts"]
        guard let child = try? ChildProcess("/usr/bin/unshare", Array(words), errors: .null) else { return false }
        return child.wait() == .exit(0)
    }()

    @Test(.enabled(if: isAllowed, "unshare --mount is not permitted here"))
    func `58 a host that moves in mid run is found where it is now`() async throws {
        let bucket = try await HostileBucket(copying: FixtureBucket("healthy-gzip").store, pageSize: 2)
        let folder = try TemporaryFolder.make()
        let hosts = folder.appending(path: "hosts")
        @Sendable func name(_ address: String) throws {
            // In place: what is mounted is the file, not its name.
            let handle = try FileHandle(forWritingTo: hosts)
            try handle.write(contentsOf: Data("\(address) store.test\n".utf8))
            try handle.close()
        }
        try Data().write(to: hosts)
        try name("127.0.0.2")
        let old = try HostileServer(host: 2) { question in
            guard question.number >= 3 else { return bucket.answer(question) }
            if question.number == 3 { try? name("127.0.0.3") }
            return [.reset]
        }
        let new = try HostileServer(host: 3, port: old.port) { bucket.answer($0) }
        let run = try CommandRun(
            [
                "audit", "s3://bucket/", "--endpoint-url", "http://store.test:\(old.port)", "--region", "x", "-o",
                "json",
            ],
            environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"],
            through: ["/usr/bin/unshare"] + Self.wrapper + [hosts.path()]
        )
        let straight = try CommandRun(
            ["audit", "s3://bucket/", "--endpoint-url", new.endpoint, "--region", "x", "-o", "json"],
            environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]
        )
        #expect(run.status == straight.status, "\(run.errors)")
        #expect(old.questions.count > 3)
        #expect(!new.questions.isEmpty)
        func findings(_ run: CommandRun) throws -> String {
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            let servers = try #require(report?["servers"])
            let data = try JSONSerialization.data(withJSONObject: servers, options: .sortedKeys)
            return String(decoding: data, as: UTF8.self)
        }
        #expect(try findings(run) == findings(straight))
    }
}
