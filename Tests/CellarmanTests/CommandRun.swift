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
    /// - Parameter meanwhile: what is done while it runs; it is told the process.
    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        meanwhile: (pid_t) throws -> Void = { _ in }
    ) throws {
        let process = Self.process(arguments, environment)
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both at once: a full pipe of the one must not keep the other from ending.
        let collected = Collected()
        let thread = Thread { collected.fill(errors.fileHandleForReading.readDataToEndOfFile()) }
        thread.start()
        try meanwhile(process.processIdentifier)
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let errorText = collected.wait()
        process.waitUntilExit()
        wasKilled = process.terminationReason == .uncaughtSignal
        status =
            process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        self.output = String(decoding: text, as: UTF8.self)
        self.errors = String(decoding: errorText, as: UTF8.self)
    }

    /// Starts `cellarman` in the same way, to be ended by whoever asked for it; what it says is lost.
    static func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
        let process = process(arguments, environment)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func process(_ arguments: [String], _ environment: [String: String]) -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        // A machine that has instance metadata must not lend the tests its keys.
        let base = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true"]
        process.environment = base.merging(environment) { $1 }.filter { !$0.value.isEmpty }
        process.currentDirectoryURL = packageRoot
        process.standardInput = FileHandle.nullDevice
        return process
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
    private var data = Data()
    private let ready = DispatchSemaphore(value: 0)

    func fill(_ bytes: Data) {
        data = bytes
        ready.signal()
    }

    func wait() -> Data {
        ready.wait()
        return data
    }
}
