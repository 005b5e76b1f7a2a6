import ArgumentParser
import Foundation

/// Feeds changed fixtures to everything that reads bytes from outside.
@main
struct CellarmanFuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cellarman-fuzz",
        abstract: "Feed changed fixtures to everything that reads bytes from outside.",
        discussion: """
            A run is its seed: the same seed gives the same inputs. What goes wrong is kept as a file that replays it. \
            The exit status is 1 where something did.
            """
    )

    @Option(help: "How long to run, over all targets.")
    var seconds = 60.0

    @Option(help: "Where the random numbers begin; a new one unless given.")
    var seed: UInt64?

    @Option(help: "What to feed, again for several; everything unless given.")
    var target: [String] = []

    @Option(help: "Where inputs go that something is wrong with.")
    var findings = ".build/fuzz"

    @Option(help: "Check a file that was kept, instead of running.")
    var replay: [String] = []

    @Option(help: .hidden)
    var worker: String?

    func validate() throws {
        for name in target where !FuzzTargets.all.contains(where: { $0.name == name }) {
            let known = FuzzTargets.all.map(\.name).joined(separator: ", ")
            throw ValidationError("no target '\(name)': expected one of \(known)")
        }
        if !replay.isEmpty, target.count != 1 {
            throw ValidationError("--replay needs the --target that the file is for")
        }
    }

    func run() throws {
        let entries = FuzzTargets.all.filter { target.isEmpty || target.contains($0.name) }
        let findings = Findings(directory: URL(filePath: findings))
        if let worker, let entry = entries.first {
            try work(on: entry, in: worker, findings)
        } else if let entry = entries.first, !replay.isEmpty {
            for file in replay {
                try entry.make().check([UInt8](Data(contentsOf: URL(filePath: file))))
                say("\(file): nothing wrong")
            }
        } else {
            try watch(entries, findings)
        }
    }

    private func work(on entry: FuzzTargets.Entry, in scratch: String, _ findings: Findings) throws {
        guard let progress = ProgressFile("\(scratch)/\(entry.name)") else { throw ExitCode(2) }
        let worker = Worker(entry: entry, seed: seed ?? 0, seconds: seconds, findings: findings)
        let found = try worker.run(progress)
        // The watchdog tells findings from a worker that could not work by the hundred.
        if found > 0 { throw ExitCode(Int32(100 + found)) }
    }

    private func watch(_ entries: [FuzzTargets.Entry], _ findings: Findings) throws {
        let seed = seed ?? .random(in: 0 ... .max)
        let scratch = FileManager.default.temporaryDirectory.appending(path: "cellarman-fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        say("seed \(seed), \(seconds) seconds")
        var tallies: [String: (cases: UInt64, found: Int)] = [:]
        // In turns of at most two minutes, so that a long run that is broken off has seen everything.
        let rounds = max(1, Int(seconds / 120))
        let weight = entries.reduce(0) { $0 + $1.weight }
        for _ in 0..<rounds {
            for entry in entries where tallies[entry.name, default: (0, 0)].found < Worker.enough {
                let watchdog = Watchdog(entry: entry, seed: seed, findings: findings, scratch: scratch)
                let share = seconds / Double(rounds) * Double(entry.weight) / Double(weight)
                let (cases, found) = try watchdog.run(seconds: share)
                let tally = tallies[entry.name, default: (0, 0)]
                tallies[entry.name] = (tally.cases + cases, tally.found + found)
            }
            if rounds > 1 { report(entries, tallies) }
        }
        if rounds == 1 { report(entries, tallies) }
        if tallies.values.contains(where: { $0.found > 0 }) { throw ExitCode.failure }
    }

    private func report(_ entries: [FuzzTargets.Entry], _ tallies: [String: (cases: UInt64, found: Int)]) {
        let lines = entries.compactMap { entry in
            tallies[entry.name].map { "  \(entry.name): \($0.cases) cases, \($0.found) findings" }
        }
        let total = tallies.values.reduce(0) { $0 + $1.cases }
        say(
            (lines + ["\(total) cases, \(tallies.values.reduce(0) { $0 + $1.found }) findings"]).joined(separator: "\n")
        )
    }
}
