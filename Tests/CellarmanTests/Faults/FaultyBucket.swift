import BarmanCatalog
import ObjectStorage
import TestSupport

@testable import ObjectStorageS3

/// A fixture as a bucket of a server whose transport fails, and what a load makes of it.
struct FaultyBucket {
    let bucket: HostileBucket
    let location: ArchiveLocation
    /// What there is to be found.
    let catalog: BucketCatalog
    /// How many requests a load without a fault takes.
    let requests: Int
    /// How many bytes the longest answer has.
    let longest: Int

    init(_ scenario: String, pageSize: Int) async throws {
        let bucket = try await HostileBucket(copying: FixtureBucket(scenario).store, pageSize: pageSize)
        let location = try ArchiveLocation(destinationPath: "s3://backups")
        let server = try HostileServer { bucket.answer($0) }
        self.bucket = bucket
        self.location = location
        catalog = try await CatalogLoader(store: Self.store(server.endpoint)).load(location)
        requests = server.questions.count
        longest = server.questions.map { bucket.answer($0).byteCount }.max() ?? 0
    }

    /// How a load ended.
    enum Ending: Hashable {
        case right
        /// With a report that is not the right one.
        case wrong
        case failed(ObjectStoreError.Code)
    }

    /// Loads from an endpoint.
    func load(
        _ endpoint: String,
        change: (inout S3Configuration) -> Void = { _ in },
        sleep: @escaping @Sendable (Double) throws -> Void = { _ in }
    ) async throws -> Ending {
        do {
            let store = try Self.store(endpoint, change: change, sleep: sleep)
            return try await CatalogLoader(store: store).load(location) == catalog ? .right : .wrong
        } catch let error as ObjectStoreError {
            guard !error.description.contains("canary"), !"\(error)".contains("CANARY") else { return .wrong }
            return .failed(error.code)
        }
    }

    /// Loads from a server that answers every request well, but those that `fault` has something to say to.
    func load(
        change: (inout S3Configuration) -> Void = { _ in },
        fault: @escaping @Sendable (HostileServer.Question) -> [HostileServer.Step]?
    ) async throws -> Ending {
        let bucket = self.bucket
        let server = try HostileServer { fault($0) ?? bucket.answer($0) }
        return try await load(server.endpoint, change: change)
    }

    private static func store(
        _ endpoint: String,
        change: (inout S3Configuration) -> Void = { _ in },
        sleep: @escaping @Sendable (Double) throws -> Void = { _ in }
    ) throws -> S3ObjectStore {
        var configuration = S3Configuration(
            bucket: "backups",
            endpoint: endpoint,
            credentials: S3Credentials(
                accessKeyID: "AKIDCANARY",
                secretAccessKey: "canary-secret",
                sessionToken: "canary-token"
            )
        )
        configuration.allowsPublicHTTP = true
        change(&configuration)
        var world = S3World()
        world.sleep = { try sleep($0) }
        return try S3ObjectStore(configuration, world: world)
    }
}

extension [HostileServer.Step] {
    /// How many bytes are sent.
    var byteCount: Int {
        reduce(0) { if case .send(let bytes) = $1 { $0 + bytes.count } else { $0 } }
    }

    /// The beginning of an answer, so many bytes of it, and then something else.
    func cut(after count: Int, then end: HostileServer.Step) -> Self {
        guard case .send(let bytes) = first else { return [end] }
        return [.send(Array<UInt8>(bytes.prefix(count))), end]
    }
}
