import Glibc
import Synchronization

/// A directory as a store: each regular file below it is an object whose key is the path from there.
///
/// Symbolic links are not followed, not listed and not deleted, so nothing outside the directory is ever touched; a page
/// tells where there are some (``ObjectPage/passedOver``).
/// Empty directories do not exist for it, as in S3. It deletes files, and never writes one.
public final class DirectoryObjectStore: DeletableObjectStore {
    /// The path of the directory, as given.
    public let name: String

    private let root: DirectoryHandle
    private let counters = Mutex(RequestStatistics())

    /// Opens the directory at `path`.
    public init(path: String) throws(ObjectStoreError) {
        self.name = path
        self.root = try DirectoryHandle(path: path)
    }

    /// What has been asked of the store so far.
    public var statistics: RequestStatistics {
        counters.withLock { $0 }
    }

    /// One page of a listing; the token is the last key or common prefix of the page.
    public func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        counters.withLock { $0.list += 1 }
        var walk = DirectoryWalk(request: request)
        try walk.visit(root, path: [])
        return walk.roller.page
    }

    /// The body of a file, whole or in part.
    public func get(
        _ key: ObjectKey,
        range: Range<Int64>?,
        limit: Int
    ) async throws(ObjectStoreError) -> [UInt8] {
        counters.withLock { $0.get += 1 }
        let file = try root.open(key)
        let wanted = try ByteRange.resolve(range, size: file.size, limit: limit, key: key, store: name)
        let bytes = try file.read(wanted)
        counters.withLock { $0.bytesReceived += Int64(bytes.count) }
        return bytes
    }

    /// The size and the modification time of a file.
    public func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        counters.withLock { $0.head += 1 }
        let file = try root.open(key)
        return ObjectSummary(key: key, size: file.size, lastModified: file.lastModified)
    }

    /// Deletes files, and the directories below the root that become empty by it.
    public func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        try DeletionOutcome.check(keys, store: name)
        guard !keys.isEmpty else { return [] }
        counters.withLock { $0.delete += 1 }
        return keys.map { key in
            if let refusal = key.deletionRefusal(in: name) { return .failed(refusal) }
            do throws(ObjectStoreError) {
                try root.unlink(key)
                return .deleted
            } catch {
                return .failed(error)
            }
        }
    }
}

/// Walks a tree in the byte order of its keys, and goes only where the page wants something.
private struct DirectoryWalk {
    let request: ListRequest
    var roller: PageRoller

    init(request: ListRequest) {
        self.request = request
        self.roller = PageRoller(request: request)
    }

    mutating func visit(_ directory: borrowing DirectoryHandle, path: [UInt8]) throws(ObjectStoreError) {
        // Each level holds a file descriptor and a stack frame.
        guard path.count <= 1024 else {
            throw ObjectStoreError(
                .fileSystem,
                "directory \(ObjectKey(bytes: path)) lies deeper than any key of S3, which has at most 1024 bytes",
                hint: "name the directory that holds the mirror of a bucket"
            )
        }
        // Names are compared with a slash behind directories: "a.b" comes before "a/c" but after "a".
        for entry in try directory.entries(below: path) {
            guard !roller.isFull else { return }
            let key = path + entry.name
            guard wants(key, isDirectory: entry.kind == .directory) else { continue }
            switch entry.kind {
            case .directory:
                guard let child = try directory.openDirectory(entry.name.dropLast()) else { continue }
                try visit(child, path: key)
            case .file:
                if let object = try directory.summary(of: entry.name, key: key) { roller.add(object) }
            case .other:
                roller.passOver(ObjectKey(bytes: key))
            }
        }
    }

    /// Whether the page can want this file, or something in this directory.
    private func wants(_ key: [UInt8], isDirectory: Bool) -> Bool {
        let prefix = request.prefix.bytes
        guard key.starts(with: prefix) || isDirectory && prefix.starts(with: key) else { return false }
        let first = roller.firstCandidate.bytes
        return !key.lexicographicallyPrecedes(first) || isDirectory && first.starts(with: key)
    }
}
