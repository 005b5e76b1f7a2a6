internal import Glibc
public import ObjectStorage

/// A file that settings are read from.
public struct SettingsFile: Sendable {
    /// What is in it.
    public var bytes: [UInt8]

    /// Whether others than its owner may read it.
    public var isReadableByOthers: Bool

    /// A file of these parts.
    public init(bytes: [UInt8], isReadableByOthers: Bool = false) {
        self.bytes = bytes
        self.isReadableByOthers = isReadableByOthers
    }

    // 4 MiB: a system's whole bundle of authorities has 200 KiB.
    private static let limit = 4 << 20

    /// The file at `path`, nil where there is none.
    public static func read(_ path: String) throws(ObjectStoreError) -> SettingsFile? {
        // What scripts name where there is to be none.
        guard path != "/dev/null" else { return nil }
        func failure(_ why: String) -> ObjectStoreError {
            ObjectStoreError(.invalidConfiguration, "cannot read \(printable(path)): \(why)")
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(unsafe String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw failure("it is not a regular file")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(unsafe String(cString: strerror(errno))) }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw failure("it is larger than \(limit) bytes") }
        }
        return SettingsFile(bytes: bytes, isReadableByOthers: status.st_mode & 0o077 != 0)
    }
}
