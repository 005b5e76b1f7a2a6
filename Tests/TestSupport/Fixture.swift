public import Foundation

/// A file or directory below `Fixtures/`.
public struct Fixture: Sendable {
    /// Where it lies.
    public let url: URL

    /// The fixture of this path below `Fixtures/`.
    public init(_ path: String) {
        url = packageRoot.appending(path: "Fixtures").appending(path: path)
    }

    /// Its bytes.
    public func bytes() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url))
    }

    /// Its lines, without the empty one behind the last.
    public func lines() throws -> [Substring] {
        String(decoding: try bytes(), as: UTF8.self).split(separator: "\n")
    }
}
