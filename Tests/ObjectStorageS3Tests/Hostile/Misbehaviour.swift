import Decompression
import ObjectStorage
import Synchronization
import TestSupport
import Testing

@testable import ObjectStorageS3

/// A store whose server does what a script says, in a world in which nobody waits.
struct Misbehaviour {
    let server: HostileServer
    let store: S3ObjectStore
    /// How long the store would have waited between its attempts, in seconds.
    let waits: Waits

    final class Waits: Sendable {
        private let list = Mutex<[Double]>([])
        var all: [Double] { list.withLock { $0 } }
        func add(_ seconds: Double) { list.withLock { $0.append(seconds) } }
    }

    /// A page of two keys, as it should be.
    static let good: [HostileServer.Step] = .listing(.entries("a", "b"))

    init(
        change: (inout S3Configuration) throws -> Void = { _ in },
        world: S3World = .impatient,
        greeting: @escaping @Sendable (Int) -> [HostileServer.Step]? = { _ in nil },
        script: @escaping @Sendable (HostileServer.Question) -> [HostileServer.Step]
    ) throws {
        server = try HostileServer(greeting: greeting, script: script)
        var configuration = S3Configuration(bucket: "backups", endpoint: server.endpoint, credentials: .canary)
        configuration.gunzip = { try decompress($0, format: .gzip, limit: $1) }
        try change(&configuration)
        let waits = Waits()
        self.waits = waits
        var world = world
        // Keeps the server as long as the store, which is all that some tests hold.
        world.sleep = { [server] seconds in withExtendedLifetime(server) { waits.add(seconds) } }
        store = try S3ObjectStore(configuration, world: world)
    }

    /// A server of these answers, the last of them for ever.
    init(
        _ answers: [HostileServer.Step]...,
        change: (inout S3Configuration) throws -> Void = { _ in },
        world: S3World = .impatient
    ) throws {
        try self.init(change: change, world: world) { answers[min($0.number, answers.count - 1)] }
    }

    /// All keys below a prefix, and what is suspicious about the listing.
    func listing(
        _ prefix: ObjectKey = "",
        after start: ObjectKey? = nil,
        limits: ListingCursor.Limits = .init()
    ) async throws -> (keys: [ObjectKey], suspicions: [String]) {
        var listing = ObjectListing(of: store, ListRequest(prefix: prefix, startAfter: start), limits: limits)
        var found: (keys: [ObjectKey], suspicions: [String]) = ([], [])
        while let page = try await listing.nextPage() {
            found.keys += page.indices.map { page.summary(at: $0).key }
            found.suspicions += page.suspicions
        }
        return found
    }

    /// Expects that the listing is right in the end, after so many requests.
    func expectKeys(
        _ keys: [ObjectKey] = ["a", "b"],
        requests: Int,
        suspicions: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await listing()
        #expect(found.keys == keys, sourceLocation: sourceLocation)
        #expect(found.suspicions.count == suspicions, "\(found.suspicions)", sourceLocation: sourceLocation)
        #expect(server.questions.count == requests, sourceLocation: sourceLocation)
    }

    /// Expects one error of this kind after so many requests, whose text tells no secret and is safe to print.
    ///
    /// - Parameter work: what fails, the listing of everything if it is left out.
    func expectFailure(
        _ code: ObjectStoreError.Code,
        requests: Int?,
        saying text: String = "",
        hint: String = "",
        sourceLocation: SourceLocation = #_sourceLocation,
        _ work: ((Misbehaviour) async throws -> Void)? = nil
    ) async {
        let error = await #expect(throws: ObjectStoreError.self, sourceLocation: sourceLocation) {
            if let work { try await work(self) } else { _ = try await listing() }
        }
        guard let error else { return }
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        #expect(error.message.contains(text), "\(error)", sourceLocation: sourceLocation)
        #expect(error.hint?.contains(hint) ?? hint.isEmpty, "\(error)", sourceLocation: sourceLocation)
        if let requests {
            #expect(server.questions.count == requests, "\(error)", sourceLocation: sourceLocation)
        }
        Self.expectHarmless(error, sourceLocation: sourceLocation)
    }

    /// Expects that nothing of an error is a secret, or would be obeyed by a terminal, or fills one.
    static func expectHarmless(_ error: ObjectStoreError, sourceLocation: SourceLocation = #_sourceLocation) {
        var dumped = ""
        dump(error, to: &dumped)
        for text in ["\(error)", String(reflecting: error), dumped] {
            for secret in ["canary", "CANARY", "AWS4-HMAC", "Signature="] {
                #expect(!text.contains(secret), "\(text)", sourceLocation: sourceLocation)
            }
        }
        #expect(printable(error.description) == error.description, sourceLocation: sourceLocation)
        // 2,000: some lines.
        #expect(error.description.utf8.count < 2000, sourceLocation: sourceLocation)
    }
}
