import Foundation
import ObjectStorage
import TestSupport
import Testing

/// What only a file system has: links, directories, rights.
struct DirectoryDeletionTests {
    private let folder: URL
    private let root: URL

    init() throws {
        folder = try TemporaryFolder.make("root", holding: ["a/b/one": [1], "a/two": [2], "c/d/e/three": [3]])
        root = folder.appending(path: "root")
    }

    private func delete(_ keys: [ObjectKey]) async throws -> [DeletionOutcome] {
        try await DirectoryObjectStore(path: root.path()).delete(keys)
    }

    private func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path())) != nil
    }

    @Test
    func `removes directories that became empty, and never the root`() async throws {
        #expect(try await delete(["c/d/e/three"]) == [.deleted])
        #expect(!exists("root/c") && exists("root/a"))
        #expect(try await delete(["a/b/one"]) == [.deleted])
        #expect(!exists("root/a/b") && exists("root/a/two"))
        #expect(try await delete(["a/two"]) == [.deleted])
        #expect(!exists("root/a") && exists("root"))
    }

    @Test
    func `leaves directories alone that were empty before`() async throws {
        try FileManager.default.createDirectory(
            at: root.appending(path: "empty/below"),
            withIntermediateDirectories: true
        )
        #expect(try await delete(["empty/below/nothing", "empty/below", "empty"]) == [.deleted, .deleted, .deleted])
        #expect(exists("root/empty/below"))
    }

    @Test
    func `neither follows nor removes a symbolic link`() async throws {
        let outside = folder.appending(path: "outside")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data([1]).write(to: outside.appending(path: "file"))
        for (name, target) in [("directory", "../outside"), ("file", "../outside/file"), ("hanging", "../nowhere")] {
            try FileManager.default.createSymbolicLink(
                atPath: root.appending(path: name).path(),
                withDestinationPath: target
            )
        }
        // A link is no object of the store, so there is nothing to delete.
        #expect(
            try await delete(["directory/file", "directory", "file", "hanging"])
                == [.deleted, .deleted, .deleted, .deleted]
        )
        for path in ["outside/file", "root/directory", "root/file", "root/hanging"] { #expect(exists(path), "\(path)") }
    }

    @Test
    func `a name that no file can have is not there`() async throws {
        let long = ObjectKey("a/" + String(repeating: "x", count: 300))
        #expect(
            try await delete(["a//two", "a/two/", ObjectKey(bytes: [0x61, 0]), long])
                == Array(repeating: .deleted, count: 4)
        )
        #expect(exists("root/a/two"))
    }

    @Test
    func `a failure is that of its key alone`() async throws {
        // Below a file the system answers that the path is none; below a name too long for it, that it is too long.
        let key = ObjectKey(String(repeating: "x", count: 300) + "/y")
        let outcomes = try await delete(["a/two", key, "a/b/one"])
        let message = "cannot open \(String(repeating: "x", count: 300)) in \(root.path()): File name too long"
        #expect(outcomes == [.deleted, .failed(ObjectStoreError(.fileSystem, message)), .deleted])
        #expect(!exists("root/a"))
    }

    @Test
    func `says which file the system does not let go of`() async throws {
        // Nobody may delete here, whatever rights they have.
        let outcome = try await DirectoryObjectStore(path: "/proc/self").delete(["status"])
        guard case .failed(let error) = try #require(outcome.first) else {
            Issue.record("\(outcome)")
            return
        }
        #expect(error.code == .fileSystem && !error.isRetryable)
        #expect(error.message.hasPrefix("cannot delete status in /proc/self: "), "\(error)")
    }
}
