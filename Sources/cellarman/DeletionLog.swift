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

    private struct State {
        var file: FileHandle
        var failure: (any Error)?
    }

    private let path: String
    private let state: Mutex<State>

    /// Opens a file to write behind what it holds.
    init(path: String) throws {
        self.path = path
        let isThere = FileManager.default.fileExists(atPath: path)
        guard isThere || FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Self.refusal(path, "it cannot be opened") }
        try file.seekToEnd()
        state = Mutex(State(file: file))
    }

    /// Writes what became of an object, at once: what is deleted shall be in the log however this ends.
    func write(_ event: ArchivePruner.Event) {
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
        state.withLock { state in
            do {
                try state.file.write(contentsOf: encoder.encode(line) + Data("\n".utf8))
            } catch {
                state.failure = state.failure ?? error
            }
        }
    }

    /// Closes the file; throws if something could not be written.
    func close() throws {
        try state.withLock { state in
            if state.failure != nil { throw Self.refusal(path, "some lines could not be written") }
            try state.file.close()
        }
    }

    private static func refusal(_ path: String, _ problem: String) -> Refusal {
        Refusal(
            status: .couldNotLook,
            code: "output",
            message: "the log \(printable(path)) fails: \(problem)",
            hint: "is its directory there, and writable?"
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

    func add() {
        let count = done.wrappingAdd(1, ordering: .relaxed).newValue
        progress.show("\(count) of \(all) objects deleted")
    }
}
