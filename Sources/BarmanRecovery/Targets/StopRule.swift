internal import PostgresWAL

/// Decides, record by record, where a recovery stops: PostgreSQL's `recoveryStopsBefore` and `recoveryStopsAfter`.
///
/// Only the ends of top-level transactions carry a time; a name stops at its first restore point; an LSN at the
/// first record that begins at or behind it.
struct StopRule {
    let target: RecoveryTarget

    /// Whether to stop before the record is replayed.
    func stopsBefore(_ record: WALRecord, isConsistent: Bool) -> Bool {
        switch target.kind {
        case .immediate: return isConsistent
        case .lsn(let lsn): return !target.isInclusive && record.start >= lsn
        case .time(let time):
            guard let end = record.event?.transactionEnd else { return false }
            return target.isInclusive ? end.time > time : end.time >= time
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
