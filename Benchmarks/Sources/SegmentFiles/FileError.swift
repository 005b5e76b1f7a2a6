internal import Glibc

/// A file that cannot be read.
public struct FileError: Error, CustomStringConvertible {
    /// Which file, and why.
    public let description: String

    init(_ path: String, errno code: Int32) {
        description = unsafe "cannot read \(path): \(String(cString: strerror(code)))"
    }
}
