import BarmanCatalog
import Foundation
import ObjectStorage
import ObjectStorageS3
import TestSupport

/// Copies of one archive on a real server, each of which stops answering at a request of its own.
struct MortalBuckets {
    private let server: LoopbackServer
    private let keys: LoopbackServer.KeyPair
    private let reached: URL

    init(_ sketch: ArchiveSketch) throws {
        reached = try TemporaryFolder.make()
        server = try .mortalMoto(objects: sketch.objects, reached: reached)
        guard let keys = server.keys else { throw CocoaError(.coderValueNotFound) }
        self.keys = keys
    }

    private func store(_ bucket: String) throws -> S3ObjectStore {
        let credentials = S3Credentials(accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey)
        return try S3ObjectStore(
            S3Configuration(bucket: bucket, endpoint: server.endpoint(), credentials: credentials)
        )
    }

    /// What a bucket holds.
    func catalog(_ bucket: String) async throws -> BackupCatalog {
        let found = try await CatalogLoader(store: store(bucket)).load(
            ArchiveLocation(destinationPath: "s3://\(bucket)/")
        )
        guard let server = found.servers.first else { throw CocoaError(.fileNoSuchFile) }
        return server
    }

    /// The keys of a bucket.
    func keys(_ bucket: String) async throws -> [ObjectKey] {
        var keys: [ObjectKey] = []
        var listing = ObjectListing(of: try store(bucket), ListRequest(prefix: ""))
        while let page = try await listing.nextPage() { keys += page.indices.map { page.summary(at: $0).key } }
        return keys
    }

    /// What an apply that nobody disturbs leaves, in a copy of its own.
    func finished() async throws -> [ObjectKey] {
        let bucket = "never-\(UInt32.random(in: 1...UInt32.max))"
        let run = try apply(bucket)
        guard run.status == 0 else {
            throw CocoaError(.executableLoad, userInfo: [NSDebugDescriptionErrorKey: run.errors])
        }
        return try await keys(bucket)
    }

    /// Runs the command on the server.
    func run(_ arguments: [String]) throws -> CommandRun {
        try CommandRun(arguments, environment: environment)
    }

    /// An apply that nobody kills.
    func apply(_ bucket: String) throws -> CommandRun {
        try run(Self.apply(of: bucket))
    }

    /// An apply that is killed when the bucket says so.
    ///
    /// - Returns: false where it came to its end before.
    func killApply(of bucket: String) throws -> Bool {
        let process = try CommandRun.start(Self.apply(of: bucket), environment: environment)
        let sign = reached.appending(path: bucket)
        var isReached = false
        while process.isRunning, !isReached {
            // Not a task's sleep: on a busy machine that wakes up when the request has timed out and is tried again.
            usleep(2000)
            isReached = FileManager.default.fileExists(atPath: sign.path())
        }
        if isReached { kill(process.identifier, SIGKILL) }
        process.wait()
        return isReached
    }

    private static func apply(of bucket: String) -> [String] {
        ["retention", "apply", "s3://\(bucket)", "--policy", "REDUNDANCY 2", "--yes", "--quiet", "--timeout", "10m"]
    }

    private var environment: [String: String] {
        [
            "S3_ACCESS_KEY_ID": keys.accessKeyID, "S3_SECRET_ACCESS_KEY": keys.secretAccessKey,
            "S3_ENDPOINT": server.endpoint(),
        ]
    }
}
