import Foundation

/// Starts workers, and finds out what those died of that did not end by themselves.
struct Watchdog {
    let entry: FuzzTargets.Entry
    let seed: UInt64
    let findings: Findings
    let scratch: URL

    /// How long a case may take before its worker is killed, in seconds by the clock.
    static let patience = 60.0

    /// Runs the target for so many seconds, and returns the cases and the findings.
    func run(seconds: Double) throws -> (cases: UInt64, found: Int) {
        guard let progress = ProgressFile(scratch.appending(path: entry.name).path) else {
            throw CocoaError(.fileWriteNoPermission)
        }
        let first = progress.number
        let deadline = ContinuousClock.now + .seconds(seconds)
        var found = 0
        repeat {
            let left = (deadline - ContinuousClock.now) / .seconds(1)
            let end = try work(max(left, 0.1), progress)
            switch end {
            case .clean: return (progress.number - first, found)
            // It has kept and counted them itself.
            case .found(let count): found += count
            case .died(let how):
                found += 1
                let current = Case(target: entry.name, seed: seed, number: progress.number)
                try findings.keep(current, current.input(of: entry.make()), how)
            }
        } while found < Worker.enough && ContinuousClock.now < deadline
        return (progress.number - first, found)
    }

    private enum End {
        case clean
        case found(Int)
        case died(String)
    }

    private func work(_ seconds: Double, _ progress: borrowing ProgressFile) throws -> End {
        let log = scratch.appending(path: "\(entry.name).log")
        try Data().write(to: log)
        let worker = Process()
        worker.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        worker.arguments = [
            "--worker", scratch.path, "--target", entry.name, "--seed", "\(seed)", "--seconds", "\(seconds)",
            "--findings", findings.directory.path,
        ]
        worker.standardError = try FileHandle(forWritingTo: log)
        worker.standardInput = FileHandle.nullDevice
        try worker.run()
        var (number, since) = (progress.number, ContinuousClock.now)
        while worker.isRunning {
            Thread.sleep(forTimeInterval: 0.02)
            if progress.number != number { (number, since) = (progress.number, ContinuousClock.now) }
            if ContinuousClock.now - since > .seconds(Self.patience) {
                kill(worker.processIdentifier, SIGKILL)
                worker.waitUntilExit()
                return .died("it did not end within \(Self.patience) seconds")
            }
        }
        let said = String(decoding: try Data(contentsOf: log).prefix(4000), as: UTF8.self)
        switch (worker.terminationReason, worker.terminationStatus) {
        case (.exit, 0): return .clean
        case (.exit, let status) where status >= 100: return .found(Int(status) - 100)
        case (.exit, let status): return .died("the worker ended with status \(status)\n\(said)")
        case (_, let signal): return .died("the worker died of signal \(signal)\n\(said)")
        }
    }
}
