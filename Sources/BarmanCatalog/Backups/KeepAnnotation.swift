public import ObjectStorage

/// A `keep` annotation: the wish that a policy leaves the backup alone.
public struct KeepAnnotation: Hashable, Sendable {
    /// What is kept.
    public enum Kind: Hashable, Sendable {
        /// The backup and all WAL behind it.
        case full
        /// The backup and the WAL that makes it consistent.
        case standalone
        /// An empty annotation, which Barman's retention does not take for a keep.
        case empty
    }

    /// What is kept.
    public var kind: Kind

    /// The annotation's own key.
    public var key: ObjectKey

    /// Whether the key has the doubled slash that Barman writes when `destinationPath` ends in a slash.
    public var hasDoubledSlash: Bool

    /// Whether Barman looks under this key with the location as it was written; true where that is not known.
    public var isSeen = true

    /// An annotation of these parts.
    public init(kind: Kind, key: ObjectKey, hasDoubledSlash: Bool = false) {
        self.kind = kind
        self.key = key
        self.hasDoubledSlash = hasDoubledSlash
    }

    /// Reads the value: exactly `standalone`, or any other text, of which Barman takes the first line unstripped.
    init(value: [UInt8], key: ObjectKey, hasDoubledSlash: Bool) {
        let isStandalone = value == Array("standalone".utf8)
        self.kind = value.isEmpty ? .empty : isStandalone ? .standalone : .full
        self.key = key
        self.hasDoubledSlash = hasDoubledSlash
    }
}
