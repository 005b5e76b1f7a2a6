import Foundation
import ObjectStorage
import Synchronization
import TestSupport

/// A drawn archive as a bucket whose server lies where it is told to, and the command run on it.
final class LiarBench: Sendable {
    typealias Lie = @Sendable (HostileServer.Question, HostileBucket) -> [HostileServer.Step]?

    let bucket: HostileBucket
    let server: HostileServer
    private let lies: Lies

    /// A bucket of these objects.
    init(_ objects: [ObjectKey: MemoryObjectStore.Object], pageSize: Int = 1000) throws {
        let bucket = HostileBucket(objects, pageSize: pageSize)
        let lies = Lies()
        self.bucket = bucket
        self.lies = lies
        server = try HostileServer { question in
            lies.current.withLock { $0 }?(question, bucket) ?? bucket.answer(question)
        }
    }

    private final class Lies: Sendable {
        let current = Mutex<Lie?>(nil)
    }

    /// A bucket of a drawn archive.
    convenience init(_ sketch: String) throws {
        try self.init(ArchiveSketch(sketch).objects)
    }

    /// Has the server ask this first; nil from it is the proper answer.
    func lie(_ lie: @escaping Lie) {
        lies.current.withLock { $0 = lie }
    }

    /// Runs the command on the bucket.
    func run(_ arguments: String...) throws -> CommandRun { try run(arguments) }

    /// Runs the command on the bucket.
    func run(_ arguments: [String]) throws -> CommandRun {
        var words = arguments
        words.insert("s3://backups", at: words.first == "retention" ? 2 : 1)
        return try CommandRun(
            words,
            environment: ["S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "secret", "S3_ENDPOINT": server.endpoint]
        )
    }

    /// Applies a policy.
    func apply(_ policy: String = "REDUNDANCY 1", _ more: String...) throws -> CommandRun {
        try run(["retention", "apply", "--policy", policy, "--yes"] + more)
    }

    /// The keys that are there now.
    var keys: Set<ObjectKey> { Set(bucket.contents.keys) }
}

extension HostileServer.Question {
    /// Whether it asks for a page of a listing.
    var isListing: Bool { query["list-type"] != nil }

    /// Whether it asks for a page of a listing of this page size.
    func isListing(of size: Int) -> Bool {
        isListing && query["max-keys"].map { String(decoding: $0, as: UTF8.self) } == "\(size)"
    }

    /// Whether it reads this object.
    func reads(_ key: String) -> Bool { method == "GET" && path.elementsEqual("/backups/\(key)".utf8) }
}
