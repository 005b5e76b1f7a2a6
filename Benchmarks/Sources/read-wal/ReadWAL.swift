internal import Glibc
internal import SegmentFiles

/// Reads every record of segments that follow each other, and prints how many there are.
@main
struct ReadWAL {
    static func main() {
        do {
            let files = try CommandLine.arguments.dropFirst().map { path in
                guard let file = SegmentFile(path: path) else { throw UsageError(path: path) }
                return file
            }
            let count = try RecordCount(reading: files)
            print("\(count.records) records, \(count.bytes) bytes, \(count.commits) commits; \(count.end)")
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
