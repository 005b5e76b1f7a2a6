/// What the objects of a server are, and how much room they take.
///
/// Every object of the listing is in exactly one class, so the sums equal the listing.
public struct Usage: Hashable, Sendable {
    /// What an object is.
    public enum Class: String, Hashable, Sendable, CaseIterable {
        /// `backup.info`, tars and `backup_label`.
        case base
        /// Whole WAL segments, misplaced ones included.
        case wal
        /// Timeline history files.
        case history
        /// Unfinished segments.
        case partial
        /// Backup history files, `….backup`.
        case backupLabel = "backup-label"
        /// Keep annotations.
        case annotation
        /// What Barman does not write.
        case unknown
    }

    /// The count and the size of one class.
    public struct Share: Hashable, Sendable {
        /// How many objects.
        public var objects = 0
        /// The sum of their sizes, in bytes.
        public var bytes: Int64 = 0
    }

    private var shares = [Share](repeating: Share(), count: Class.allCases.count)

    /// Nothing yet.
    public init() {}

    /// The share of one class.
    public subscript(_ kind: Class) -> Share {
        shares[kind.index]
    }

    /// The sum of all classes.
    public var total: Share {
        shares.reduce(into: Share()) { sum, share in
            sum.objects += share.objects
            sum.bytes &+= share.bytes
        }
    }

    /// Counts objects of one class.
    mutating func add(_ kind: Class, objects: Int = 1, bytes: Int64) {
        shares[kind.index].objects += objects
        shares[kind.index].bytes &+= bytes
    }

    /// Counts what another usage has counted.
    mutating func add(_ other: Usage) {
        for kind in Class.allCases { add(kind, objects: other[kind].objects, bytes: other[kind].bytes) }
    }
}

extension Usage.Class {
    /// The position of the class among all of them.
    fileprivate var index: Int {
        switch self {
        case .base: 0
        case .wal: 1
        case .history: 2
        case .partial: 3
        case .backupLabel: 4
        case .annotation: 5
        case .unknown: 6
        }
    }
}
