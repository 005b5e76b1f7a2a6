internal import Dispatch
internal import Glibc
internal import SegmentFiles
internal import Synchronization

/// Reads every record of segments that follow each other, and prints how many there are.
///
/// With `--all` before the files it has every record shown, without only those that carry an event. With `--jobs N`
/// in front of that, N threads read a part of the segments each, as far as these are not compressed.
@main
struct ReadWAL {
    static func main() {
        do {
            var words = CommandLine.arguments.dropFirst()
            var jobs = 1
            if words.first == "--jobs" {
                jobs = words.dropFirst().first.flatMap { Int($0) } ?? 1
                words = words.dropFirst(2)
            }
            let showsAllRecords = words.first == "--all"
            let files = try words.dropFirst(showsAllRecords ? 1 : 0).map { path in
                guard let file = SegmentFile(path: path) else { throw UsageError(path: path) }
                return file
            }
            let counts = try counts(files, jobs: max(1, min(jobs, files.count)), showsAllRecords)
            let records = counts.reduce(0) { $0 + $1.records }
            let commits = counts.reduce(0) { $0 + $1.commits }
            print("\(records) records, \(commits) commits; \(counts.last.map { "\($0.end)" } ?? "nothing")")
        } catch {
            print("read-wal: \(error)")
            exit(1)
        }
    }

    /// What is in each of so many parts of the segments.
    private static func counts(_ files: [SegmentFile], jobs: Int, _ showsAllRecords: Bool) throws -> [RecordCount] {
        let results = Mutex<[Int: Result<RecordCount, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: jobs) { job in
            let (first, end) = (job * files.count / jobs, (job + 1) * files.count / jobs)
            let result = Result {
                try RecordCount(
                    reading: files[first..<end],
                    followedBy: end < files.count ? files[end] : nil,
                    showsAllRecords: showsAllRecords
                )
            }
            results.withLock { $0[job] = result }
        }
        return try results.withLock { results in
            try results.sorted { $0.key < $1.key }.map { try $0.value.get() }
        }
    }
}

/// An argument that names no segment.
struct UsageError: Error, CustomStringConvertible {
    var path: String

    var description: String { "\(path) is not the name of a segment" }
}
