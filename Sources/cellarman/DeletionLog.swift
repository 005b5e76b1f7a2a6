import BarmanCatalog
import Foundation
import ObjectStorage
import Synchronization

/// A file with a JSON line for every object that was deleted, or could not be.
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
    private let file: Mutex<FileHandle>

    /// Opens a file to write behind what it holds.
    init(path: String) throws {
        self.path = path
        let isThere = FileManager.default.fileExists(atPath: path)
        guard isThere || FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Self.refusal(path, "it cannot be opened") }
        // A pipe or a terminal has no end to go to.
        _ = try? file.seekToEnd()
        self.file = Mutex(file)
    }

    /// Writes what became of an object, at once: what is deleted shall be in the log however this ends.
    func write(_ event: ArchivePruner.Event) throws {
        let (outcome, error) = event.outcome.words
        let key = event.object.key
        let text = String(validating: key.bytes, as: UTF8.self)
        let line = Line(
            key: key.description,
            keyBase64: text == key.description ? nil : Data(key.bytes).base64EncodedString(),
            size: event.object.size,
            etag: event.object.etag,
            outcome: outcome,
            error: error
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(line) + Data("\n".utf8)
        try file.withLock { file in
            do {
                try file.write(contentsOf: bytes)
            } catch {
                throw Self.refusal(path, "a line cannot be written")
            }
        }
    }

    /// Brings what was written to the disk, where it is one, and closes the file.
    func close() throws {
        try file.withLock { file in
            try? file.synchronize()
            do {
                try file.close()
            } catch {
                throw Self.refusal(path, "it cannot be closed")
            }
        }
    }

    private static func refusal(_ path: String, _ problem: String) -> Refusal {
        Refusal(
            status: .couldNotLook,
            code: "output",
            message: "the log \(printable(path)) fails: \(problem)",
            hint: "is its directory there, and writable, and the disk not full?"
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

/// How many objects of a server are done.
final class DeletionCount: Sendable {
    private let all: Int
    private let progress: ProgressLine
    private let done = Atomic<Int>(0)

    init(of all: Int, _ progress: ProgressLine) {
        self.all = all
        self.progress = progress
    }

    /// How many objects the store has answered for.
    var value: Int { done.load(ordering: .relaxed) }

    func add() {
        let count = done.wrappingAdd(1, ordering: .relaxed).newValue
        progress.show("\(count) of \(all) objects deleted")
    }
}
