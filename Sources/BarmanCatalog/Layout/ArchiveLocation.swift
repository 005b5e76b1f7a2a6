/// Where an archive lies: a `destinationPath` as CloudNativePG and Barman write it, or a directory, and
/// optionally one server in it.
public struct ArchiveLocation: Hashable, Sendable {
    /// The kinds of places.
    public enum Place: Hashable, Sendable {
        /// A bucket of an S3 store.
        case bucket(String)
        /// A directory, by its path.
        case directory(String)
    }

    /// The location as it was written.
    public let destinationPath: String

    /// Bucket or directory.
    public let place: Place

    /// The path of the directory, nil for a bucket.
    public var directory: String? {
        guard case .directory(let path) = place else { return nil }
        return path
    }

    /// The path within the bucket: the URL's path without its leading slashes, and nothing else changed.
    ///
    /// Trailing slashes and double slashes stay, percent signs are not decoded, exactly as Barman does it
    /// (`S3CloudInterface.__init__`): in S3 `a//x` and `a/x` are two objects.
    public let path: String

    /// The servers to look at, by name or by path below the location; empty for all.
    public var serverNames: [String]

    /// Reads a `destinationPath`: `s3://bucket/prefix/`, `file:///srv/mirror` or a path of the file system.
    public init(destinationPath: String, serverName: String) throws(ArchiveLocationError) {
        try self.init(destinationPath: destinationPath, serverNames: [serverName])
    }

    /// Reads a `destinationPath`: `s3://bucket/prefix/`, `file:///srv/mirror` or a path of the file system.
    public init(destinationPath text: String, serverNames: [String] = []) throws(ArchiveLocationError) {
        self.destinationPath = text
        self.serverNames = serverNames
        guard let scheme = Self.scheme(of: text) else {
            guard !text.isEmpty else { throw ArchiveLocationError(text: text, problem: "it is empty") }
            self.place = .directory(text)
            self.path = ""
            return
        }
        let rest = text.dropFirst(scheme.count + 3)
        switch scheme.lowercased() {
        case "s3":
            // Like Barman, which drops what follows; nobody means to, so say it instead.
            guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
                throw ArchiveLocationError(text: text, problem: "'?' and '#' cannot be part of an s3 URL here")
            }
            let bucket = rest.prefix { $0 != "/" }
            guard !bucket.isEmpty else { throw ArchiveLocationError(text: text, problem: "it names no bucket") }
            self.place = .bucket(String(bucket))
            self.path = String(rest.dropFirst(bucket.count).drop { $0 == "/" })
        case "file":
            guard rest.hasPrefix("/") else {
                throw ArchiveLocationError(text: text, problem: "a file URL needs an absolute path, file:///…")
            }
            self.place = .directory(String(rest))
            self.path = ""
        default:
            throw ArchiveLocationError(text: text, problem: "the scheme '\(scheme)' is not supported")
        }
    }

    /// The prefix below which everything of the location lies: the path, with a slash behind it.
    public var prefix: [UInt8] {
        path.isEmpty || path.hasSuffix("/") ? Array(path.utf8) : Array(path.utf8) + [UInt8(ascii: "/")]
    }

    /// Whether Barman, given this text, writes keep annotations below a double slash.
    ///
    /// It adds a slash to a path that is not empty even where there is one (`AnnotationManagerCloud`).
    public var doublesSlashOfAnnotations: Bool {
        path.hasSuffix("/")
    }

    /// The name for the server where the location is itself the directory of one.
    public var lastComponent: String {
        let text: Substring =
            switch place {
            case .bucket(let bucket): path.isEmpty ? Substring(bucket) : Substring(path)
            case .directory(let directory): Substring(directory)
            }
        return text.split(separator: "/").last.map(String.init) ?? String(text)
    }

    private static func scheme(of text: String) -> Substring? {
        guard let end = text.firstRange(of: "://")?.lowerBound else { return nil }
        let scheme = text[..<end]
        return scheme.isEmpty || scheme.contains("/") ? nil : scheme
    }
}

/// A text that is not a location.
public struct ArchiveLocationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public var text: String

    /// What is wrong with it.
    public var problem: String

    /// What was given, what is wrong, what would be right.
    public var description: String {
        "'\(text)' is not a location: \(problem); expected s3://bucket/prefix/, file:///path or a directory"
    }
}
