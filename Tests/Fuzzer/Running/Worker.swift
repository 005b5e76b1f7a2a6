import Foundation

/// Runs the cases of one target, in a process of its own that may die of them.
struct Worker {
    let entry: FuzzTargets.Entry
    let seed: UInt64
    let seconds: Double
    let findings: Findings

    /// The most time that a case may take, in seconds on the processor.
    static let timeLimit = 5.0

    /// The most memory of a worker, in bytes: corpus, a bomb's 128 MiB of window, and what nobody gave back.
    static let memoryLimit = 600 << 20

    /// The findings after which a target is given up.
    static let enough = 10

    /// Runs from the case after the one that the progress file names, and returns how many were findings.
    func run(_ progress: borrowing ProgressFile) throws -> Int {
        let target = try entry.make()
        let deadline = ContinuousClock.now + .seconds(seconds)
        var found = 0
        while found < Self.enough, ContinuousClock.now < deadline {
            let number = progress.number + 1
            progress.number = number
            let current = Case(target: entry.name, seed: seed, number: number)
            let start = Usage.processorTime
            let input = current.input(of: target)
            do throws(Violation) {
                try target.check(input)
                let time = Usage.processorTime - start
                try expect(time < Self.timeLimit, "it took \(time) seconds")
                let memory = Usage.peakMemory
                try expect(memory < Self.memoryLimit, "it took \(memory >> 20) MiB")
            } catch {
                found += 1
                try findings.keep(current, input, error.description)
                // The peak stays: whatever comes now would look as bad.
                if Usage.peakMemory >= Self.memoryLimit { break }
            }
        }
        return found
    }
}
