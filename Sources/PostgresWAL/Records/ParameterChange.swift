/// The settings that a server writes down when one of them changes, because a recovery depends on them
/// (`xl_parameter_change`, the same from 13 to 18).
public struct ParameterChange: Hashable, Sendable {
    /// `max_connections`.
    public var maxConnections: Int32
    /// `max_worker_processes`.
    public var maxWorkerProcesses: Int32
    /// `max_wal_senders`.
    public var maxWALSenders: Int32
    /// `max_prepared_transactions`.
    public var maxPreparedTransactions: Int32
    /// `max_locks_per_transaction`.
    public var maxLocksPerTransaction: Int32
    /// `wal_level`: 0 for `minimal`, 1 for `replica`, 2 for `logical`.
    public var walLevel: Int32

    /// Whether what comes after it was written with `wal_level = minimal`.
    ///
    /// An archive recovery ends there with a fatal error (`CheckRequiredParameterValues`): what such WAL leaves out is in
    /// data files that no archive has.
    public var isMinimal: Bool { walLevel == 0 }

    /// Settings of these values.
    public init(
        maxConnections: Int32,
        maxWorkerProcesses: Int32,
        maxWALSenders: Int32,
        maxPreparedTransactions: Int32,
        maxLocksPerTransaction: Int32,
        walLevel: Int32
    ) {
        self.maxConnections = maxConnections
        self.maxWorkerProcesses = maxWorkerProcesses
        self.maxWALSenders = maxWALSenders
        self.maxPreparedTransactions = maxPreparedTransactions
        self.maxLocksPerTransaction = maxLocksPerTransaction
        self.walLevel = walLevel
    }

    init?(_ data: RawSpan) {
        guard data.byteCount >= 24 else { return nil }
        maxConnections = Int32(bitPattern: data.uint32(at: 0))
        maxWorkerProcesses = Int32(bitPattern: data.uint32(at: 4))
        maxWALSenders = Int32(bitPattern: data.uint32(at: 8))
        maxPreparedTransactions = Int32(bitPattern: data.uint32(at: 12))
        maxLocksPerTransaction = Int32(bitPattern: data.uint32(at: 16))
        walLevel = Int32(bitPattern: data.uint32(at: 20))
    }
}
