/// What a record says that decides where a recovery can stop.
public enum WALEvent: Hashable, Sendable {
    /// A transaction was committed.
    case commit(TransactionEnd)
    /// A transaction was rolled back.
    case abort(TransactionEnd)
    /// `pg_create_restore_point` was called.
    case restorePoint(RestorePoint)
    /// A checkpoint.
    case checkpoint(Checkpoint)
    /// A base backup ended: from here on one that started at this position is consistent.
    case backupEnd(start: LSN)
    /// A recovery ended, and with it perhaps a timeline.
    case endOfRecovery(EndOfRecovery)
    /// The rest of the segment is unused.
    case segmentSwitch
    /// The server went on with other settings that a recovery depends on.
    case parameterChange(ParameterChange)
}

/// The commit or the abort of a transaction, prepared ones included.
public struct TransactionEnd: Hashable, Sendable {
    /// The top-level transaction; of a prepared one that is not the transaction in the record's header.
    public var xid: TransactionID
    /// When, by the clock of the server.
    public var time: TimestampTZ
    /// Whether it was `COMMIT PREPARED` or `ROLLBACK PREPARED`.
    public var isPrepared: Bool
    /// How many subtransactions ended with it.
    public var subtransactionCount: Int

    /// A transaction's end of these parts.
    public init(xid: TransactionID, time: TimestampTZ, isPrepared: Bool = false, subtransactionCount: Int = 0) {
        self.xid = xid
        self.time = time
        self.isPrepared = isPrepared
        self.subtransactionCount = subtransactionCount
    }
}

/// A checkpoint.
public struct Checkpoint: Hashable, Sendable {
    /// Where a recovery that starts from this checkpoint begins to read.
    public var redo: LSN
    /// The timeline that it was written on.
    public var timeline: TimelineID
    /// The timeline before; the same one, unless this checkpoint begins a timeline.
    public var previousTimeline: TimelineID
    /// Whether the server was going down.
    public var isShutdown: Bool
    /// The next transaction to be given out, epoch in the upper half.
    public var nextFullTransactionID: UInt64
    /// The oldest transaction that had not ended when the checkpoint began; 0 where the server did not look.
    ///
    /// It looks where it is up and `wal_level` is at least `replica`. Prepared transactions have not ended.
    public var oldestActiveXID: TransactionID
    /// When it began, by the clock of the server, in whole seconds.
    public var time: TimestampTZ

    /// A checkpoint of these parts.
    public init(
        redo: LSN,
        timeline: TimelineID,
        previousTimeline: TimelineID,
        isShutdown: Bool,
        nextFullTransactionID: UInt64,
        oldestActiveXID: TransactionID = .invalid,
        time: TimestampTZ
    ) {
        self.redo = redo
        self.timeline = timeline
        self.previousTimeline = previousTimeline
        self.isShutdown = isShutdown
        self.nextFullTransactionID = nextFullTransactionID
        self.oldestActiveXID = oldestActiveXID
        self.time = time
    }
}

/// The mark that a server writes when it becomes a primary without a checkpoint.
public struct EndOfRecovery: Hashable, Sendable {
    /// When, by the clock of the server.
    public var time: TimestampTZ
    /// The timeline that begins here.
    public var timeline: TimelineID
    /// The timeline that it left.
    public var previousTimeline: TimelineID

    /// An end of recovery of these parts.
    public init(time: TimestampTZ, timeline: TimelineID, previousTimeline: TimelineID) {
        self.time = time
        self.timeline = timeline
        self.previousTimeline = previousTimeline
    }
}
