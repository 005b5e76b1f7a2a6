import Foundation
import TestSupport

/// One run of the built command, as a shell would see it.
struct CommandRun {
    let status: Int32
    /// Whether a signal ended it, and not itself.
    let wasKilled: Bool
    let output: String
    let errors: String

    /// Runs `cellarman` with these arguments, and with nothing in its environment but what is given.
    ///
    /// - Parameters:
    ///   - wrapper: a program with its first arguments, the last of which is the command.
    ///   - meanwhile: what is done while it runs; it is told the process.
    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        through wrapper: [String] = [],
        meanwhile: (pid_t) throws -> Void = { _ in }
    ) throws {
        let process = try Self.process(wrapper + [Self.executable.path()] + arguments, environment, .pipe)
        // Both at once: a full pipe of the one must not keep the other from ending.
        let collected = Collected()
        let thread = Thread { collected.fill(process.errors.read()) }
        thread.start()
        try meanwhile(process.identifier)
        let text = process.output.read()
        let errorText = collected.wait()
        switch process.wait() {
        case .exit(let status): (self.status, wasKilled) = (status, false)
        case .signal(let signal): (status, wasKilled) = (128 + signal, true)
        }
        self.output = String(decoding: text, as: UTF8.self)
        self.errors = String(decoding: errorText, as: UTF8.self)
    }

    /// Starts `cellarman` in the same way, to be ended by whoever asked for it; what it says is lost.
    static func start(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProcess {
        try process([executable.path()] + arguments, environment, .null)
    }

    private static func process(
        _ words: [String],
        _ environment: [String: String],
        _ stream: ChildProcess.Stream
    ) throws -> ChildProcess {
        // A machine that has instance metadata must not lend the tests its keys.
        var base = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"]
        // How a sanitizer is to work, if the command was built with one.
        base["ASAN_OPTIONS"] = ProcessInfo.processInfo.environment["ASAN_OPTIONS"]
        return try ChildProcess(
            words[0],
            Array(words.dropFirst()),
            environment: base.merging(environment) { $1 }.filter { !$0.value.isEmpty },
            in: packageRoot.path(),
            output: stream,
            errors: stream
        )
    }

    /// The command beside the test bundle that was built with it.
    static var executable: URL {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "cellarman")
    }
}

/// Hands the bytes of one thread to another.
private final class Collected: @unchecked Sendable {
    // Written before the semaphore is signalled, read behind it.
    private var data: [UInt8] = []
    private let ready = DispatchSemaphore(value: 0)

    func fill(_ bytes: [UInt8]) {
        data = bytes
        ready.signal()
    }

    func wait() -> [UInt8] {
        ready.wait()
        return data
    }
}
