public import Foundation
public import ObjectStorage

extension LoopbackServer {
    /// moto with its checks of signatures and rights, and these objects in a bucket, which may keep versions.
    ///
    /// - Parameters:
    ///   - lockDays: for how many days each object is locked; then it must keep versions too.
    ///   - undeletable: a pattern, as in policies of AWS, of keys that a policy of the bucket lets nobody delete.
    ///   - log: a file to which it writes the line of every request that it answers.
    ///   - deletionDelay: how long it thinks before it deletes many objects, in seconds; the log then has a line that
    ///     begins with `BEGIN` when it begins to.
    public static func moto(
        bucket: String,
        objects: [ObjectKey: [UInt8]],
        isVersioned: Bool = false,
        lockDays: Int? = nil,
        undeletable: String? = nil,
        certificate: URL? = nil,
        log: URL? = nil,
        deletionDelay: Double = 0
    ) throws -> LoopbackServer {
        struct Item: Encodable {
            let key: Data
            let body: Data
        }
        struct Settings: Encodable {
            let bucket: String
            let objects: String
            let versioned: Bool
            let lockDays: Int?
            let undeletable: String?
            let certificate: String?
            let log: String?
            let deletionDelay: Double
        }
        let file = try TemporaryFolder.make().appending(path: "objects.json")
        let items = objects.map { Item(key: Data($0.key.bytes), body: Data($0.value)) }
        try JSONEncoder().encode(items).write(to: file)
        let settings = Settings(
            bucket: bucket,
            objects: file.path(),
            versioned: isVersioned,
            lockDays: lockDays,
            undeletable: undeletable,
            certificate: certificate?.path(),
            log: log?.path(),
            deletionDelay: deletionDelay
        )
        return try start("moto", settings)
    }

    /// moto whose every bucket is a copy of these objects, at one request to which its client is to be killed.
    ///
    /// `before-7` dies at the seventh request, which does not arrive, `half-2` in the second deletion, half of whose
    /// keys go, `after-2` behind it, whose answer does not arrive, `never-0` not at all. A name that goes on with
    /// `-singly` is that of a store without DeleteObjects.
    ///
    /// - Parameter reached: a directory in which a file of the bucket's name says that it is time to kill.
    public static func mortalMoto(
        objects: [ObjectKey: MemoryObjectStore.Object],
        reached: URL
    ) throws -> LoopbackServer {
        struct Item: Encodable {
            let key: Data
            let body: Data
            let modified: Int64
        }
        struct Settings: Encodable {
            let objects: String
            let mortal: String
        }
        let file = try TemporaryFolder.make().appending(path: "objects.json")
        let items = objects.map { key, object in
            Item(
                key: Data(key.bytes),
                body: Data(object.body ?? [0x78]),
                modified: object.lastModified / 1_000_000
            )
        }
        try JSONEncoder().encode(items).write(to: file)
        return try start("moto", Settings(objects: file.path(), mortal: reached.path()))
    }

    /// `rclone serve s3` of a directory whose subdirectories are the buckets.
    public static func rclone(directory: URL, certificate: URL? = nil) throws -> LoopbackServer {
        struct Settings: Encodable {
            let directory: String
            let certificate: String?
            let accessKeyID = "RCLONEKEY"
            let secretAccessKey = "rclone-secret-of-the-tests"
        }
        return try start("rclone", Settings(directory: directory.path(), certificate: certificate?.path()))
    }

    /// A fixed answer to a request.
    public struct Answer: Encodable, Sendable {
        /// The status of the answer.
        public var status: Int
        /// Its header fields; a length is added.
        public var headers: [String: String]
        /// Its body.
        public var body: String
        /// How long the server thinks before, in seconds.
        public var delay: Double

        /// An answer of these parts.
        public init(_ status: Int, headers: [String: String] = [:], body: String = "", delay: Double = 0) {
            self.status = status
            self.headers = headers
            self.body = body
            self.delay = delay
        }
    }

    /// What a server of fixed answers was asked.
    public struct Question: Decodable, Sendable {
        /// The method.
        public let method: String
        /// The path and the query, as they came.
        public let target: String
        /// The port at the client's end, which tells connections apart.
        public let port: Int
        /// The header fields.
        public let headers: [String: String]
        /// The body, what is not UTF-8 replaced.
        public let body: String
    }

    /// A server of fixed answers, the last of them for ever.
    ///
    /// - Parameter log: a file to which it writes what it was asked, see ``questions(in:)``.
    public static func answers(
        _ answers: [Answer],
        certificate: URL? = nil,
        log: URL? = nil
    ) throws -> LoopbackServer {
        struct Settings: Encodable {
            let answers: [Answer]
            let certificate: String?
            let log: String?
        }
        return try start("answers", Settings(answers: answers, certificate: certificate?.path(), log: log?.path()))
    }

    /// What a server of fixed answers was asked, in order.
    public static func questions(in log: URL) throws -> [Question] {
        try JSONDecoder().decode([Question].self, from: Data(contentsOf: log))
    }

    /// A server that accepts connections, and never says a word.
    public static func silence() throws -> LoopbackServer {
        try start("silence", [String: String]())
    }
}

/// A private authority and certificates for loopback, made once for each test process.
public struct PrivateCertificates: Sendable {
    /// The folder they lie in.
    public let folder: URL

    /// The ones of this process.
    public static func shared() throws -> PrivateCertificates { try made.get() }

    private static let made = Result {
        let folder = try TemporaryFolder.make()
        _ = try LoopbackServer.start("certificates", ["directory": folder.path()])
        return PrivateCertificates(folder: folder)
    }

    /// The certificate of the authority.
    public var authority: URL { folder.appending(path: "authority.pem") }
    /// The certificate of an authority that signed none of the others.
    public var otherAuthority: URL { folder.appending(path: "other-authority.pem") }
    /// For 127.0.0.1 and localhost, valid today.
    public var good: URL { folder.appending(path: "good.pem") }
    /// For the same, valid until yesterday.
    public var expired: URL { folder.appending(path: "expired.pem") }
    /// For the same, valid from tomorrow.
    public var future: URL { folder.appending(path: "future.pem") }
    /// For other.example.
    public var otherHost: URL { folder.appending(path: "other-host.pem") }
}
