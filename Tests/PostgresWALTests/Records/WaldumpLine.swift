import PostgresWAL

/// One line of `pg_waldump`: a record in its words.
struct WaldumpLine: Hashable, CustomStringConvertible {
    var resourceManager: String
    var length: UInt32
    var xid: UInt32
    var lsn: LSN
    var previous: LSN
    /// What the line says of what decides a recovery, empty for other records.
    var event: String

    var description: String {
        "\(resourceManager) \(length) tx \(xid) at \(lsn) prev \(previous) \(event)"
    }
}

extension WaldumpLine {
    /// The line, nil for one that is not about a record.
    init?(_ line: Substring) {
        guard line.hasPrefix("rmgr: ") else { return nil }
        let words = line.split(separator: " ", maxSplits: 2)
        let fields = line.split(separator: ", ", maxSplits: 4)
        guard words.count == 3, fields.count == 5,
            let lengthStart = fields[0].lastIndex(of: "/"),
            let length = UInt32(fields[0][lengthStart...].dropFirst().filter { $0 != " " }),
            let xid = UInt32(fields[1].dropFirst("tx:".count).filter { $0 != " " }),
            let lsn = LSN(fields[2].dropFirst("lsn: ".count)),
            let previous = LSN(fields[3].dropFirst("prev ".count))
        else { return nil }
        resourceManager = String(words[1])
        self.length = length
        self.xid = xid
        self.lsn = lsn
        self.previous = previous
        event = Self.event(resourceManager, xid, fields[4].dropFirst("desc: ".count))
    }

    /// The record in the same words.
    init(_ record: WALRecord) {
        resourceManager = record.resourceManager.description
        length = record.length
        xid = record.xid.rawValue
        lsn = record.start
        previous = record.previous
        event = record.event.map(Self.words) ?? ""
    }

    private static func event(_ resourceManager: String, _ xid: UInt32, _ text: Substring) -> String {
        let kind = text.prefix { $0 != " " }
        let rest = text.dropFirst(kind.count + 1)
        switch (resourceManager, kind) {
        case ("Transaction", "COMMIT"), ("Transaction", "ABORT"):
            return "\(kind) \(xid) \(end(rest))"
        case ("Transaction", "COMMIT_PREPARED"), ("Transaction", "ABORT_PREPARED"):
            let parts = rest.split(separator: ": ", maxSplits: 1)
            return "\(kind) \(parts[0]) \(end(parts[1]))"
        case ("XLOG", "SWITCH"), ("XLOG", "RESTORE_POINT"), ("XLOG", "BACKUP_END"):
            return String(text.hasSuffix(" ") ? text.dropLast() : text)
        case ("XLOG", "CHECKPOINT_ONLINE"), ("XLOG", "CHECKPOINT_SHUTDOWN"):
            let parts = rest.split(separator: "; ")
            let xid = parts.first { $0.hasPrefix("xid ") } ?? ""
            let oldest = parts.first { $0.hasPrefix("oldest running xid ") } ?? ""
            return "\(kind) \(parts[0]) \(parts[1]) \(parts[2]) \(xid) \(oldest)"
        case ("XLOG", "PARAMETER_CHANGE"):
            return "\(kind) \(rest.split(separator: " ").prefix(6).joined(separator: " "))"
        case ("XLOG", "END_OF_RECOVERY"):
            let parts = rest.split(separator: "; ")
            return "\(kind) \(parts[0]) \(parts[1]) \(time(parts[2].dropFirst("time ".count)))"
        default: return ""
        }
    }

    /// A transaction's time, and how many subtransactions ended with it.
    private static func end(_ text: Substring) -> String {
        let parts = text.split(separator: "; ")
        let list = parts.first { $0.hasPrefix("subxacts: ") }
        return "\(time(parts[0])) with \((list?.split(separator: " ").count ?? 1) - 1)"
    }

    private static func time(_ text: Substring) -> String {
        let parsed = TimestampTZ.parse(text.replacing(" UTC", with: "+00"))
        return parsed?.time.description ?? "no time: \(text)"
    }

    private static func words(_ event: WALEvent) -> String {
        func words(_ kind: String, _ end: TransactionEnd) -> String {
            "\(kind)\(end.isPrepared ? "_PREPARED" : "") \(end.xid) \(end.time) with \(end.subtransactionCount)"
        }
        switch event {
        case .commit(let end): return words("COMMIT", end)
        case .abort(let end): return words("ABORT", end)
        case .restorePoint(let point): return "RESTORE_POINT \(point.name)"
        case .backupEnd(let start): return "BACKUP_END \(start)"
        case .segmentSwitch: return "SWITCH"
        case .checkpoint(let checkpoint):
            let kind = checkpoint.isShutdown ? "CHECKPOINT_SHUTDOWN" : "CHECKPOINT_ONLINE"
            let xid = checkpoint.nextFullTransactionID
            return "\(kind) redo \(checkpoint.redo) tli \(checkpoint.timeline) prev tli \(checkpoint.previousTimeline) "
                + "xid \(xid >> 32):\(xid & 0xFFFF_FFFF) oldest running xid \(checkpoint.oldestActiveXID)"
        case .parameterChange(let change):
            let level = ["minimal", "replica", "logical"][Int(change.walLevel)]
            return "PARAMETER_CHANGE max_connections=\(change.maxConnections) "
                + "max_worker_processes=\(change.maxWorkerProcesses) max_wal_senders=\(change.maxWALSenders) "
                + "max_prepared_xacts=\(change.maxPreparedTransactions) "
                + "max_locks_per_xact=\(change.maxLocksPerTransaction) wal_level=\(level)"
        case .endOfRecovery(let end):
            return "END_OF_RECOVERY tli \(end.timeline) prev tli \(end.previousTimeline) \(end.time)"
        }
    }
}
