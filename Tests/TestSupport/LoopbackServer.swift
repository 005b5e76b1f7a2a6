import Foundation
import Synchronization

/// A server on loopback that lives as long as the test process, see `Scripts/loopback-server`.
public final class LoopbackServer: Sendable {
    /// The port it listens on.
    public let port: Int

    /// The key pair it accepts, where it asks for one.
    public let keys: KeyPair?

    /// A key pair it knows, but gives no right to read.
    public let stranger: KeyPair?

    /// A role that its key pair, or any web identity, may take.
    public let role: String?

    /// The two halves of an access key.
    public struct KeyPair: Decodable, Sendable {
        /// The public half.
        public let accessKeyID: String
        /// The secret half.
        public let secretAccessKey: String
    }

    private struct Ready: Decodable {
        var port: Int?
        var accessKeyID: String?
        var secretAccessKey: String?
        var stranger: KeyPair?
        var role: String?
    }

    /// A server, or its tools, cannot be started.
    public struct Failure: Error, CustomStringConvertible {
        /// What is missing, and how to get it.
        public let description: String
    }

    private init(_ ready: Ready) {
        self.port = ready.port ?? 0
        if let id = ready.accessKeyID, let secret = ready.secretAccessKey {
            keys = KeyPair(accessKeyID: id, secretAccessKey: secret)
        } else {
            keys = nil
        }
        stranger = ready.stranger
        role = ready.role
    }

    /// The address of the server.
    public func endpoint(scheme: String = "http", host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)"
    }

    /// Starts a server of a kind, and waits until it answers.
    static func start(_ kind: String, _ settings: some Encodable) throws -> LoopbackServer {
        let python = packageRoot.appending(path: ".venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path()) else {
            throw Failure(description: "\(python.path()) is missing: run Scripts/python-tools before the tests")
        }
        var request = try JSONEncoder().encode(Request(kind: kind, settings: settings))
        request.append(0x0A)
        let process = try ChildProcess(
            python.path(),
            [packageRoot.appending(path: "Scripts/loopback-server").path()],
            input: .pipe,
            output: .pipe
        )
        try process.input.write(Array(request))
        let line = process.output.read(to: 0x0A)
        guard line.last == 0x0A else {
            throw Failure(description: "the \(kind) server ended before it answered; run Scripts/python-tools")
        }
        running.withLock { $0.append(process) }
        return try LoopbackServer(JSONDecoder().decode(Ready.self, from: Data(line)))
    }

    /// The servers of this process, and the pipes whose end is theirs: the kernel closes them with the process.
    private static let running = Mutex<[ChildProcess]>([])

    private struct Request<Settings: Encodable>: Encodable {
        let kind: String
        let settings: Settings

        func encode(to encoder: any Encoder) throws {
            try settings.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(kind, forKey: .kind)
        }

        enum Key: CodingKey {
            case kind
        }
    }
}
