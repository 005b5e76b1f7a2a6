/// How Barman packed an object: what it says behind the last dot of the key.
///
/// The raw value is the name that Barman and CloudNativePG give the format in their settings.
public enum CompressionFormat: String, CaseIterable, Hashable, Sendable {
    /// As PostgreSQL wrote it.
    case none
    /// gzip, from Python's `gzip` or from pigz.
    case gzip
    /// bzip2.
    case bzip2
    /// xz, not the older `.lzma`.
    case xz
    /// Snappy in its framing format.
    case snappy
    /// Zstandard frames.
    case zstd
    /// LZ4 frames, not bare blocks.
    case lz4

    /// What Barman appends to a key, with its dot: `.gz`; empty for ``none``.
    public var fileExtension: String {
        switch self {
        case .none: ""
        case .gzip: ".gz"
        case .bzip2: ".bz2"
        case .xz: ".xz"
        case .snappy: ".snappy"
        case .zstd: ".zst"
        case .lz4: ".lz4"
        }
    }

    /// The format whose extension is exactly these bytes, dot included; nil where Barman knows no such extension.
    ///
    /// No bytes are ``none``. Letters count as they are: `.GZ` is unknown, to Barman as well.
    public init?(fileExtension bytes: Span<UInt8>) {
        let format = Self(endOf: bytes)
        guard format.fileExtension.utf8.count == bytes.count else { return nil }
        self = format
    }

    /// The format whose extension is exactly these bytes, dot included; nil where Barman knows no such extension.
    public init?(fileExtension bytes: some Sequence<UInt8>) {
        self.init(fileExtension: Array(bytes).span)
    }

    /// The format that the end of a key or file name says, ``none`` where it ends in none of Barman's extensions.
    ///
    /// Barman strips exactly one extension, so what lies before it is not looked at.
    public init(endOf name: Span<UInt8>) {
        // By the last letter first: this is asked of every key of a listing, and the strings are short enough to need
        // no memory.
        let format: CompressionFormat =
            switch name.isEmpty ? 0 : name[name.count - 1] {
            case UInt8(ascii: "z"): name.count > 1 && name[name.count - 2] == UInt8(ascii: "g") ? .gzip : .xz
            case UInt8(ascii: "2"): .bzip2
            case UInt8(ascii: "y"): .snappy
            case UInt8(ascii: "t"): .zstd
            case UInt8(ascii: "4"): .lz4
            default: .none
            }
        self = name.ends(with: format.fileExtension) ? format : .none
    }
}

extension CompressionFormat: CustomStringConvertible {
    /// The name that Barman gives the format.
    public var description: String { rawValue }
}

extension Span<UInt8> {
    /// Whether the bytes end with all of `suffix`.
    fileprivate func ends(with suffix: String) -> Bool {
        let suffix = suffix.utf8.span
        let start = count - suffix.count
        guard start >= 0 else { return false }
        for index in suffix.indices where self[start + index] != suffix[index] {
            return false
        }
        return true
    }
}
