internal import PostgresWAL

extension Checkpoint {
    /// Whether no transaction ran when it began.
    var isIdle: Bool {
        !isShutdown && oldestActiveXID != .invalid
            && oldestActiveXID.rawValue == UInt32(truncatingIfNeeded: nextFullTransactionID)
    }

    /// Whether no transaction ended between its redo position and that of another idle one.
    ///
    /// None ran at either, and none has got a number in between. Between redo position and record some may have.
    func isIdle(as other: Checkpoint) -> Bool {
        isIdle && nextFullTransactionID == other.nextFullTransactionID
    }

    /// How many transactions got a number between its redo position and that of another one, less than zero where the
    /// other one is the later.
    func transactions(since other: Checkpoint) -> Double {
        Double(nextFullTransactionID) - Double(other.nextFullTransactionID)
    }
}

extension SegmentDigest {
    /// How far it lies behind the transactions that had a number at an idle checkpoint, less than zero before them;
    /// nil where nothing tells.
    ///
    /// - Parameter own: how far the idle checkpoints themselves lie, less than one.
    func distance(from idle: Checkpoint, own: Double) -> Double? {
        if let lastCheckpoint { return lastCheckpoint.transactions(since: idle) + own }
        let next = UInt32(truncatingIfNeeded: idle.nextFullTransactionID)
        return lastXID.map { Double(Int32(bitPattern: $0.rawValue &- next)) + 0.5 }
    }
}
