public import ObjectStorage

/// Objects that are counted and not kept: how many, how large, and a few of their keys.
public struct ObjectTally: Hashable, Sendable {
    /// How many there are.
    public private(set) var objects = 0

    /// The sum of their sizes, in bytes.
    public private(set) var bytes: Int64 = 0

    /// The first few of their keys.
    public private(set) var examples: [ObjectKey] = []

    // Enough for a person to see what kind of objects they are.
    private static let mostExamples = 5

    /// Nothing counted yet.
    public init() {}

    /// Counts an object.
    ///
    /// A directory marker, an empty object whose key ends in a slash, is counted and never an example.
    mutating func add(_ key: Span<UInt8>, size: Int64) {
        objects += 1
        bytes &+= size
        let isMarker = size == 0 && !key.isEmpty && key[key.count - 1] == BarmanLayout.slash
        if !isMarker, examples.count < Self.mostExamples { examples.append(ObjectKey(bytes: key.copy)) }
    }

    /// Counts what another tally has counted.
    mutating func add(_ other: ObjectTally) {
        objects += other.objects
        bytes &+= other.bytes
        examples += other.examples.prefix(Self.mostExamples - examples.count)
    }
}
