internal import PostgresWAL

/// Decides, record by record, where a recovery stops: PostgreSQL's `recoveryStopsBefore` and `recoveryStopsAfter`.
///
/// Only the ends of top-level transactions carry a time; a name stops at its first restore point; an LSN at the
/// first record that begins at or behind it.
struct StopRule {
    let target: RecoveryTarget

    /// The full number of the transaction that is the target, where checkpoints shall tell that it has ended.
    var fullXID: UInt64?

    /// Whether to stop before the record is replayed.
    func stopsBefore(_ record: WALRecord, isConsistent: Bool) -> Bool {
        switch target.kind {
        case .immediate: return isConsistent
        case .lsn(let lsn): return !target.isInclusive && record.start >= lsn
        case .time: return record.event?.transactionEnd.map { stops(at: $0.time) } ?? false
        case .xid(let xid): return !target.isInclusive && record.event?.transactionEnd?.xid.rawValue == xid
        case .name, .latest: return false
        }
    }

    /// Whether to stop behind the record, once it is replayed.
    func stopsAfter(_ record: WALRecord, isConsistent: Bool) -> Bool {
        switch target.kind {
        case .immediate: return isConsistent
        case .lsn(let lsn): return target.isInclusive && record.start >= lsn
        case .xid(let xid): return target.isInclusive && record.event?.transactionEnd?.xid.rawValue == xid
        case .name(let name):
            guard case .restorePoint(let point)? = record.event else { return false }
            return point.name == name
        case .time, .latest: return false
        }
    }

    /// Whether the end of a transaction at this time stops the recovery.
    func stops(at time: TimestampTZ) -> Bool {
        guard case .time(let wanted) = target.kind else { return false }
        return target.isInclusive ? time > wanted : time >= wanted
    }

    /// Whether the record shows that the transaction that is the target has ended before it.
    ///
    /// That it has is known from a checkpoint at which the oldest that had not ended was a younger one. (A
    /// transaction leaves the list of those that run when its end is in the WAL.)
    func hasPassed(_ record: WALRecord) -> Bool {
        guard let fullXID, case .checkpoint(let checkpoint)? = record.event, checkpoint.oldestActiveXID != .invalid
        else { return false }
        let next = checkpoint.nextFullTransactionID
        let age = UInt64(UInt32(truncatingIfNeeded: next) &- checkpoint.oldestActiveXID.rawValue)
        return next >= age && next - age > fullXID
    }
}

extension WALEvent {
    /// The end of a transaction, committed or not.
    var transactionEnd: TransactionEnd? {
        switch self {
        case .commit(let end), .abort(let end): end
        default: nil
        }
    }
}
