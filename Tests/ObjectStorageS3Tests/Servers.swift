import Foundation
import ObjectStorageS3
import TestSupport
import Testing

/// The servers of this test process, each started when it is first asked for.
enum Servers {
    enum Scheme: String, CaseIterable, Sendable {
        case http
        case https
    }

    /// rclone serves a file system, which has no empty names, and no file that is a directory too.
    static let rcloneCan: ObjectStoreSuite.Abilities = .all.subtracting(.anyKey)

    static func moto(_ scheme: Scheme) throws -> LoopbackServer {
        try (scheme == .http ? plainMoto : secureMoto).get()
    }

    static func rclone(_ scheme: Scheme) throws -> LoopbackServer {
        try (scheme == .http ? plainRclone : secureRclone).get()
    }

    /// Servers whose objects are there to be deleted, by one test each.
    static let deletableMoto = Result {
        try LoopbackServer.moto(bucket: "backups", objects: ObjectStoreSuite.deletableObjects())
    }
    static let deletableRclone = Result {
        try LoopbackServer.rclone(
            directory: TemporaryFolder.make("backups", holding: ObjectStoreSuite.deletableObjects(rcloneCan))
        )
    }

    private static let plainMoto = Result { try startMoto(nil) }
    private static let secureMoto = Result { try startMoto(PrivateCertificates.shared().good) }
    private static let plainRclone = Result { try startRclone(nil) }
    private static let secureRclone = Result { try startRclone(PrivateCertificates.shared().good) }

    private static func startMoto(_ certificate: URL?) throws -> LoopbackServer {
        try .moto(bucket: "backups", objects: ObjectStoreSuite.objects(), certificate: certificate)
    }

    private static func startRclone(_ certificate: URL?) throws -> LoopbackServer {
        try .rclone(
            directory: TemporaryFolder.make("backups", holding: ObjectStoreSuite.objects(rcloneCan)),
            certificate: certificate
        )
    }

    /// What a user would write to reach the bucket of a server.
    static func configuration(of server: LoopbackServer, _ scheme: Scheme = .http) throws -> S3Configuration {
        var configuration = S3Configuration(
            bucket: "backups",
            endpoint: server.endpoint(scheme: scheme.rawValue),
            credentials: server.keys.map { S3Credentials($0) } ?? .canary
        )
        if scheme == .https { configuration.caFile = try PrivateCertificates.shared().authority.path() }
        return configuration
    }
}

extension S3Credentials {
    /// A key pair of which no part may ever be seen.
    static let canary = S3Credentials(
        accessKeyID: "AKIDCANARY",
        secretAccessKey: "canary-secret",
        sessionToken: "canary-token"
    )

    init(_ keys: LoopbackServer.KeyPair) {
        self.init(accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey)
    }
}

extension LoopbackServer.Answer {
    /// An error as S3 writes it.
    static func error(_ status: Int, _ code: String, _ rest: String = "", headers: [String: String] = [:]) -> Self {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code>\(rest)</Error>"
        return .init(
            status,
            headers: headers.merging(["Content-Type": "application/xml"]) { old, _ in old },
            body: body
        )
    }

    /// A page of a listing.
    static func listing(_ content: String, isTruncated: Bool = false) -> Self {
        .init(
            200,
            body: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<IsTruncated>\(isTruncated)</IsTruncated>\(content)</ListBucketResult>"
        )
    }

    static var emptyListing: Self { .listing("") }
}

extension S3World {
    /// A world in which nobody waits.
    static var impatient: S3World {
        var world = S3World()
        world.sleep = { _ in }
        world.random = { 0.5 }
        return world
    }
}
