/// The name of an object: a byte string, ordered by its bytes.
///
/// Keys are never held as `String`: Swift compares strings by canonical equivalence, S3 by bytes, so a set
/// of strings would merge two objects whose names differ in their Unicode normal form.
public struct ObjectKey: Hashable, Sendable {
    /// The bytes of the key, without any encoding.
    public var bytes: [UInt8]

    /// A key of these bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A key of the UTF-8 bytes of `text`.
    public init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    /// Whether the key begins with the bytes of `prefix`.
    public func hasPrefix(_ prefix: ObjectKey) -> Bool {
        bytes.starts(with: prefix.bytes)
    }

    /// The key as text, or nil where its bytes are not valid UTF-8.
    public var utf8Text: String? {
        String(validating: bytes, as: UTF8.self)
    }
}

extension ObjectKey: Comparable {
    /// Compares byte by byte, as S3 orders a listing.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension ObjectKey: ExpressibleByStringLiteral {
    /// A key of the UTF-8 bytes of the literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension ObjectKey: CustomStringConvertible {
    /// The key made safe to print, see ``printable(_:)-(Sequence<UInt8>)``.
    public var description: String {
        printable(bytes)
    }
}
