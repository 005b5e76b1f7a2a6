/// The part of PostgreSQL that a record belongs to.
public struct ResourceManager: Hashable, Sendable {
    /// The number in the record's header.
    public var rawValue: UInt8

    /// The resource manager of this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Checkpoints, restore points, backup ends and what else concerns the WAL itself.
    public static let xlog = ResourceManager(rawValue: 0)

    /// Commits, aborts and what else concerns whole transactions.
    public static let transaction = ResourceManager(rawValue: 1)

    // In the order of PostgreSQL's rmgrlist.h, the same from 10 to 18.
    private static let names: [StaticString] = [
        "XLOG", "Transaction", "Storage", "CLOG", "Database", "Tablespace", "MultiXact", "RelMap", "Standby", "Heap2",
        "Heap", "Btree", "Hash", "Gin", "Gist", "Sequence", "SPGist", "BRIN", "CommitTs", "ReplicationOrigin",
        "Generic", "LogicalMessage",
    ]

    /// Whether a server of that format can write it: one of its own, or from PostgreSQL 15 on an extension's.
    @inline(__always)
    func isValid(in format: WALFormat) -> Bool {
        rawValue <= 21 || (rawValue >= 128 && format.hasCustomResourceManagers)
    }
}

extension ResourceManager: CustomStringConvertible {
    /// The name that `pg_waldump` prints: `Transaction`, `Heap`, `custom128`.
    public var description: String {
        guard rawValue < Self.names.count else { return "custom\(rawValue)" }
        return Self.names[Int(rawValue)].description
    }
}
