/// Why compressed bytes did not become plain ones: what is wrong, in which format, and where.
public struct DecompressionError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Kind: Hashable, Sendable {
        /// There are no bytes at all, and the format has at least a header.
        case empty
        /// The bytes do not begin as the format does.
        case notThisFormat
        /// The bytes end in the middle.
        case truncated
        /// A checksum or the structure does not hold.
        case corrupt
        /// The stream is complete, and something that is not another one follows.
        case trailingData
        /// The stream uses a part of its format that cannot be read or not be verified.
        case unsupported
        /// More plain bytes than the caller allows.
        case limitExceeded(Int)
        /// Far more plain bytes than compressed ones, beyond what a WAL segment can hold.
        case implausibleRatio
        /// The stream asks for more working memory than any level of Barman's does.
        case memoryLimitExceeded
        /// The system gave no memory.
        case outOfMemory
    }

    /// What is wrong.
    public var kind: Kind

    /// The format that was expected.
    public var format: CompressionFormat

    /// How many compressed bytes had been read when it showed.
    ///
    /// The fault lies there or before, as far back as the codec looks before it gives bytes out.
    public var offset: Int

    /// An error of these parts.
    public init(_ kind: Kind, format: CompressionFormat, offset: Int) {
        self.kind = kind
        self.format = format
        self.offset = offset
    }
}

extension DecompressionError: CustomStringConvertible {
    /// What went wrong, where, wanted and got.
    public var description: String {
        switch kind {
        case .empty: "empty \(format) data: expected at least a header, got 0 bytes"
        case .notThisFormat: "not \(format) data: the first bytes are not those of the format"
        case .truncated: "truncated \(format) data: it ends at byte \(offset) before its stream does"
        case .corrupt: "corrupt \(format) data at byte \(offset): a checksum or the structure does not hold"
        case .trailingData: "trailing bytes behind the \(format) data at byte \(offset): expected the end"
        case .unsupported: "unsupported \(format) data at byte \(offset): it needs a feature that cannot be read"
        case .limitExceeded(let limit):
            "too much \(format) data at byte \(offset): expected at most \(limit) bytes when expanded, got more"
        case .implausibleRatio:
            "implausible \(format) data at byte \(offset): it expands too far to be a backup"
        case .memoryLimitExceeded:
            "unreadable \(format) data at byte \(offset): it asks for more memory than any level of Barman's needs"
        case .outOfMemory: "cannot read \(format) data at byte \(offset): out of memory"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch kind {
        case .empty, .truncated:
            "the upload was probably interrupted: archive the file again, or take a new base backup"
        case .notThisFormat:
            "the extension of the key does not fit the content, and Barman goes by the extension"
        case .corrupt:
            "restore the object from another copy, or take a new base backup"
        case .trailingData:
            "something other than Barman wrote to the object: compare it with another copy"
        case .unsupported, .memoryLimitExceeded:
            "expand the object with the program that wrote it"
        case .limitExceeded, .implausibleRatio:
            "look at the object before expanding it elsewhere: it is not what its key says"
        case .outOfMemory:
            "look at fewer objects at a time"
        }
    }
}
