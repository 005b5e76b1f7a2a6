import Foundation
import ObjectStorage
import TestSupport
import Testing

/// Ctrl-C and SIGTERM.
struct InterruptionTests {
    /// A second, and what a machine takes that is busy with other tests.
    ///
    /// Without a signal each of these runs would take twenty seconds to three minutes.
    private static let soon = Duration.seconds(5)

    private static let keys = ["S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "canary-secret"]

    /// Waits until something is so; the process may be slow to start on a busy machine.
    private func wait(until isSo: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !isSo() {
            try #require(ContinuousClock.now < deadline, "it never came to it")
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    /// Whether a process has a connection to a port of loopback.
    private func isConnected(_ process: pid_t, to port: Int) -> Bool {
        let hexadecimal = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
        // Not by String(contentsOfFile:), which takes a short read of a file without a size for its end.
        let file = FileHandle(forReadingAtPath: "/proc/\(process)/net/tcp")
        let table = String(decoding: file?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
        // The third column is the other end, the fourth 01 for a connection that stands.
        return table.split(separator: "\n").contains { line in
            let columns = line.split(separator: " ")
            return columns.count > 3 && columns[2].hasSuffix(suffix) && columns[3] == "01"
        }
    }

    /// What a signal makes of a command that only looks.
    private func interrupt(_ signal: Int32, _ arguments: [String], port: Int) throws -> (CommandRun, Duration) {
        var sent = ContinuousClock.now
        let run = try CommandRun(arguments, environment: Self.keys) { process in
            try wait { isConnected(process, to: port) }
            sent = .now
            kill(process, signal)
        }
        return (run, ContinuousClock.now - sent)
    }

    @Test(arguments: [(SIGINT, 130, "interrupted"), (SIGTERM, 143, "terminated")] as [(Int32, Int32, String)])
    func `a command that waits for a silent server ends within a second`(
        signal: Int32,
        status: Int32,
        word: String
    ) throws {
        let server = try LoopbackServer.silence()
        let arguments = ["audit", "s3://backups", "--quiet", "--endpoint-url", server.endpoint()]
        let (run, time) = try interrupt(signal, arguments, port: server.port)
        #expect(run.status == status)
        #expect(!run.wasKilled)
        #expect(run.errors == "cellarman: \(word)\n")
        #expect(run.output == "")
        #expect(time < Self.soon)
    }

    @Test
    func `a command in the middle of a slow listing ends within a second`() throws {
        let server = try LoopbackServer.answers([.init(200, body: "never mind", delay: 60)])
        let arguments = ["usage", "s3://backups", "--quiet", "--endpoint-url", server.endpoint()]
        let (run, time) = try interrupt(SIGINT, arguments, port: server.port)
        #expect(run.status == 130 && !run.wasKilled)
        #expect(time < Self.soon)
    }

    @Test
    func `who started it with SIGINT ignored wants it to stay so`() throws {
        let server = try LoopbackServer.silence()
        let command = "trap '' INT; exec \(CommandRun.executable.path()) audit s3://backups --quiet"
        let process = try ChildProcess(
            "/bin/sh",
            ["-c", "\(command) --endpoint-url \(server.endpoint())"],
            environment: Self.keys.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 }
        )
        try wait { isConnected(process.identifier, to: server.port) }
        kill(process.identifier, SIGINT)
        Thread.sleep(forTimeInterval: 0.3)
        #expect(process.isRunning)
        kill(process.identifier, SIGTERM)
        #expect(process.wait() == .exit(143))
    }

    // MARK: Deleting

    /// A bucket with its deletions slowed down, and the log of what was asked of it.
    private func slowServer(_ delay: Double) throws -> (server: LoopbackServer, log: URL) {
        let objects = try BucketFolder.objects(of: "healthy-gzip")
        let log = try TemporaryFolder.make().appending(path: "requests")
        return (
            try LoopbackServer.moto(bucket: "backups", objects: objects, log: log, deletionDelay: delay), log
        )
    }

    private func apply(
        _ server: LoopbackServer,
        log: String,
        meanwhile: (pid_t) throws -> Void = { _ in }
    ) throws -> CommandRun {
        let keys = try #require(server.keys)
        return try CommandRun(
            ["retention", "apply", "s3://backups", "--policy", "REDUNDANCY 1", "--yes", "--quiet", "--log", log],
            environment: [
                "S3_ACCESS_KEY_ID": keys.accessKeyID, "S3_SECRET_ACCESS_KEY": keys.secretAccessKey,
                "S3_ENDPOINT": server.endpoint(),
            ],
            meanwhile: meanwhile
        )
    }

    private func posts(_ log: URL) -> Int {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").count { $0.hasPrefix("BEGIN POST") }
    }

    /// What became of each object that the store was asked to delete: the last word of a log, each line of which is
    /// whole.
    private func outcomes(_ log: String) throws -> [String] {
        let text = try String(contentsOfFile: log, encoding: .utf8)
        #expect(text.isEmpty || text.hasSuffix("\n"))
        var last: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            last[try #require(object["key"] as? String)] = try #require(object["outcome"] as? String)
        }
        return Array(last.values)
    }

    @Test
    func `a deletion under way is brought to its end, the next one does not begin, and the rest can go on`() throws {
        let (server, requests) = try slowServer(0.3)
        let log = try TemporaryFolder.make().appending(path: "deleted.jsonl").path()
        var sent = ContinuousClock.now
        let run = try apply(server, log: log) { process in
            try wait { posts(requests) == 1 }
            sent = .now
            kill(process, SIGINT)
        }
        #expect(ContinuousClock.now - sent < Self.soon)
        #expect(run.status == 130 && !run.wasKilled, "\(run.errors)")
        #expect(posts(requests) == 1)
        let done = try outcomes(log)
        #expect(!done.isEmpty && done.count < 14)
        // The next object was about to be asked for: whoever reads the log must take it for gone or not.
        #expect(done.contains("deleted") && done.allSatisfy { ["deleted", "asked"].contains($0) }, "\(done)")
        let second = try apply(server, log: log)
        #expect(second.status == 0, "\(second.errors)")
        #expect(try outcomes(log).count { $0 == "deleted" } == 14)
    }

    @Test
    func `a deletion that takes too long is cut off, and the log says that nobody knows`() throws {
        let (server, requests) = try slowServer(20)
        let log = try TemporaryFolder.make().appending(path: "deleted.jsonl").path()
        var sent = ContinuousClock.now
        let run = try apply(server, log: log) { process in
            try wait { posts(requests) == 1 }
            sent = .now
            kill(process, SIGTERM)
        }
        let time = ContinuousClock.now - sent
        #expect(time < Self.soon, "\(time)")
        #expect(run.status == 143 && !run.wasKilled, "\(run.errors)")
        let done = try outcomes(log)
        #expect(done.contains("unknown") && !done.contains("deleted"), "\(done)")
    }

    @Test
    func `a second signal ends it at once`() throws {
        let (server, requests) = try slowServer(20)
        let log = try TemporaryFolder.make().appending(path: "deleted.jsonl").path()
        var sent = ContinuousClock.now
        let run = try apply(server, log: log) { process in
            try wait { posts(requests) == 1 }
            kill(process, SIGINT)
            Thread.sleep(forTimeInterval: 0.1)
            sent = .now
            kill(process, SIGINT)
        }
        #expect(run.status == 130 && !run.wasKilled)
        #expect(ContinuousClock.now - sent < Self.soon)
    }

    @Test
    func `its memory is in no core file`() throws {
        let server = try LoopbackServer.silence()
        let arguments = ["audit", "s3://backups", "--quiet", "--endpoint-url", server.endpoint()]
        _ = try CommandRun(arguments, environment: Self.keys) { process in
            try wait { isConnected(process, to: server.port) }
            let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
            let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            #expect(line?.split(separator: " ").suffix(3).map(String.init) == ["0", "0", "bytes"])
            kill(process, SIGTERM)
        }
    }
}
