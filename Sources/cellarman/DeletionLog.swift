import BarmanCatalog
import FoundationEssentials
import Glibc
import ObjectStorage
import Synchronization

/// A file with JSON lines for every object that the store is asked to delete: one before, and one that says what
/// became of it.
///
/// A process that is killed in between leaves the first: what may be gone is in the log however this ends.
final class DeletionLog: Sendable {
    private struct Line: Encodable {
        let key: String
        let keyBase64: String?
        let size: Int64
        let etag: String?
        let outcome: String
        let error: String?
    }

    private let path: String
    private let descriptor: Int32
    // Lines of several requests must not mix.
    private let turn = Mutex(())

    /// Opens a file to write behind what it holds.
    ///
    /// - Parameter archive: the directory that is deleted from, nil for a bucket: a log in it might be one of its files.
    init(path: String, outside archive: String?) throws {
        self.path = path
        if let archive, Self.lies(path, below: archive) {
            throw Refusal(
                status: .usage,
                code: "usage",
                message: "the log \(printable(path)) would lie in the archive that is deleted from",
                hint: "name a file elsewhere"
            )
        }
        // Does not wait for whoever might read from a pipe some day.
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw Self.refusal(path, errno) }
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0 else {
            throw Self.refusal(path, errno)
        }
    }

    /// Whether a file that need not be there yet is one below a directory, links followed.
    private static func lies(_ path: String, below directory: String) -> Bool {
        func real(_ path: String) -> String? {
            guard let found = unsafe realpath(path, nil) else { return nil }
            defer { unsafe free(found) }
            return unsafe String(cString: found)
        }
        let parent = path.lastIndex(of: "/").map { path.startIndex < $0 ? String(path[..<$0]) : "/" } ?? "."
        guard let directory = real(directory) else { return false }
        // A link to a file that is not there yet would be made where it leads to.
        var status = stat()
        if real(path) == nil, unsafe lstat(path, &status) == 0 { return true }
        let prefix = directory.hasSuffix("/") ? directory : directory + "/"
        return [real(path), real(parent).map { $0 + "/" }].contains { $0?.hasPrefix(prefix) ?? false }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes that the store is asked to delete an object.
    func write(asking object: ObjectSummary) throws {
        try write(line(object, "asked", nil))
    }

    /// Writes what became of an object.
    func write(_ event: ArchivePruner.Event) throws {
        let (outcome, error) = event.outcome.words
        try write(line(event.object, outcome, error))
    }

    /// Brings what was written to the disk, where it is one.
    func finish() throws {
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw Self.refusal(path, errno) }
    }

    private func line(_ object: ObjectSummary, _ outcome: String, _ error: String?) -> Line {
        let text = String(validating: object.key.bytes, as: UTF8.self)
        return Line(
            key: object.key.description,
            keyBase64: text == object.key.description ? nil : Data(object.key.bytes).base64EncodedString(),
            size: object.size,
            etag: object.etag,
            outcome: outcome,
            error: error
        )
    }

    private func write(_ line: Line) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes = Array(try encoder.encode(line) + Data("\n".utf8))[...]
        try turn.withLock { _ in
            while !bytes.isEmpty {
                let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count > 0 {
                    bytes = bytes.dropFirst(count)
                } else if errno != EINTR {
                    throw Self.refusal(path, errno)
                }
            }
        }
    }

    private static func refusal(_ path: String, _ number: Int32) -> Refusal {
        Refusal(
            status: .couldNotLook,
            code: "output",
            message: "the log \(printable(path)) cannot be written: \(unsafe String(cString: strerror(number)))",
            hint: "name a file that can be written, on a disk with room"
        )
    }
}

extension DeletionOutcome {
    /// What became of it in one word, and why if it failed.
    fileprivate var words: (String, String?) {
        switch self {
        case .deleted: ("deleted", nil)
        case .hidden: ("hidden", nil)
        case .failed(let error): ("failed", error.message)
        case .unknown: ("unknown", nil)
        }
    }
}
