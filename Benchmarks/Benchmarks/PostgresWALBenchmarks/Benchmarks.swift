import Benchmark
import Foundation
import SegmentFiles

/// The segments in the directory of this kind under `CELLARMAN_WAL`, packed or not.
private func segments(_ kind: String, packed: Bool) throws -> [SegmentFile] {
    guard let folder = ProcessInfo.processInfo.environment["CELLARMAN_WAL"] else { throw NoWAL() }
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(kind)").sorted()
    return names.filter { $0.hasSuffix(".gz") == packed }.compactMap { SegmentFile(path: "\(folder)/\(kind)/\($0)") }
}

/// The variable that says where the WAL lies is not set.
private struct NoWAL: Error, CustomStringConvertible {
    let description = "CELLARMAN_WAL is not set: make WAL with Benchmarks/generate-wal, and name its directory"
}

let benchmarks: @Sendable () -> Void = {
    // Safe: it is set here and nowhere else, before anything runs.
    unsafe Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .throughput, .peakMemoryResident],
        maxDuration: .seconds(5)
    )

    for kind in ["bulk", "checkpoint", "steady"] {
        for packed in [false, true] {
            Benchmark("records, \(kind)\(packed ? ", gzip" : "")") { benchmark in
                let files = try segments(kind, packed: packed)
                for _ in benchmark.scaledIterations {
                    blackHole(try RecordCount(reading: files).records)
                }
            }
        }
    }
}
