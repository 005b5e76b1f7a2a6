/// The number of a transaction, as `pg_current_xact_id()::xid` and `recovery_target_xid` have it.
///
/// 32 bits that wrap around: which of two is older depends on where the cluster stands.
public struct TransactionID: Hashable, Sendable {
    /// The number, 0 for none.
    public var rawValue: UInt32

    /// The transaction of this number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// No transaction: what a record carries that belongs to none.
    public static let invalid = TransactionID(rawValue: 0)
}

extension TransactionID: ExpressibleByIntegerLiteral {
    /// The transaction of the literal number.
    public init(integerLiteral value: UInt32) {
        self.rawValue = value
    }
}

extension TransactionID: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(rawValue) }
}
