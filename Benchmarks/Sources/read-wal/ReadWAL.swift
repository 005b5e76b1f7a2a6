internal import Glibc
internal import SegmentFiles

/// Reads every record of segments that follow each other, and prints how many there are.
///
/// With `--all` before the files it has every record shown, without only those that carry an event.
@main
struct ReadWAL {
    static func main() {
        do {
            let showsAllRecords = CommandLine.arguments.dropFirst().first == "--all"
            let files = try CommandLine.arguments.dropFirst(showsAllRecords ? 2 : 1).map { path in
                guard let file = SegmentFile(path: path) else { throw UsageError(path: path) }
                return file
            }
            let count = try RecordCount(reading: files, showsAllRecords: showsAllRecords)
            print("\(count.records) records, \(count.commits) commits; \(count.end)")
        } catch {
            print("read-wal: \(error)")
            exit(1)
        }
    }
}

/// An argument that names no segment.
struct UsageError: Error, CustomStringConvertible {
    var path: String

    var description: String { "\(path) is not the name of a segment" }
}
