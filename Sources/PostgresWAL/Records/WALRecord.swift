/// One record of the WAL, its checksum and its link to the record before already found right.
public struct WALRecord: Hashable, Sendable {
    /// Where its header begins, behind the page's own.
    ///
    /// PostgreSQL's `ReadRecPtr`, the `lsn` of `pg_waldump`, and what `recovery_target_lsn` is compared with.
    public var start: LSN

    /// Where the next record may begin: PostgreSQL's `EndRecPtr`.
    ///
    /// The beginning of the next page if this record fills its own; of the next segment for a switch.
    public var end: LSN

    /// The length, header included and page headers in between not, in bytes.
    public var length: UInt32

    /// The transaction that wrote it, 0 for none; of a subtransaction the number of that one.
    public var xid: TransactionID

    /// Where the record before begins.
    public var previous: LSN

    /// The part of PostgreSQL that it belongs to.
    public var resourceManager: ResourceManager

    /// The kind of record in the upper half, and flags, in that part's own numbers.
    public var info: UInt8

    /// What it says that decides where a recovery can stop, nil for most records.
    public var event: WALEvent?

    /// A record of these parts.
    @inline(__always)
    public init(
        start: LSN,
        end: LSN,
        length: UInt32,
        xid: TransactionID,
        previous: LSN,
        resourceManager: ResourceManager,
        info: UInt8,
        event: WALEvent?
    ) {
        self.start = start
        self.end = end
        self.length = length
        self.xid = xid
        self.previous = previous
        self.resourceManager = resourceManager
        self.info = info
        self.event = event
    }
}
