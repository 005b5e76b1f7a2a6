internal import BarmanCatalog
internal import PostgresWAL

/// Finds where the replay of a long chain has to begin so that it sees the target, by opening few segments.
///
/// The names say that the chain is unbroken; what decides is looked for in it by halving: times of transactions
/// ascend, save for clocks that were set back, and so do the numbers of transactions in checkpoints.
/// A short chain is read from its beginning, so that nothing in it stays unread.
struct ReplayStart {
    /// A place to begin, and what is known of the target.
    struct Choice {
        var start = Replay.Start.backup
        /// The transaction's full number, where checkpoints can tell that it has ended.
        var fullXID: UInt64?
        /// What finds the way past segments in which no transaction ends, where it is worth to be looked for.
        var idle: IdleStretch?
    }

    let target: RecoveryTarget
    let extent: BackupExtent
    let reader: PathReader
    /// How many segments may be read before anything is left unread.
    let mostReadInFull: UInt64

    /// Where to begin in a chain of segments whose names are all there.
    func choose(in chain: ClosedRange<UInt64>) async throws -> Choice {
        guard chain.upperBound - chain.lowerBound >= mostReadInFull else { return Choice() }
        var chain = Chain(segments: chain, isOpen: true)
        while true {
            guard try await isBackupReadable(in: chain.segments) else { return Choice() }
            switch try await bisect(chain) {
            case .found(var choice):
                if isNear(choice, chain) { choice.start = .backup }
                return choice
            case .broken(let number):
                // Nothing behind it is ever replayed.
                guard number > chain.first, number < chain.last else { return Choice() }
                chain = Chain(segments: chain.first...number, isOpen: false)
            }
        }
    }

    /// Segments that are replayed one after the other, as far as is known.
    private struct Chain {
        var segments: ClosedRange<UInt64>
        /// Whether a partial segment may follow.
        var isOpen: Bool

        var first: UInt64 { segments.lowerBound }
        var last: UInt64 { segments.upperBound }
    }

    private enum Result {
        case found(Choice)
        case broken(at: UInt64)
    }

    private func bisect(_ chain: Chain) async throws -> Result {
        switch target.kind {
        case .name, .immediate: .found(Choice())
        case .latest: .found(Choice(start: try await tailStart(chain)))
        case .lsn(let lsn):
            // One segment more, for the record before it.
            .found(Choice(start: before(min(reader.segmentSize.segmentNumber(of: lsn), chain.last), chain)))
        case .time: try await byTime(chain)
        case .xid(let xid): try await byTransaction(xid, chain)
        }
    }

    /// Whether a start spares too little to leave anything unread for it.
    private func isNear(_ choice: Choice, _ chain: Chain) -> Bool {
        guard case .segment(let number) = choice.start else { return true }
        return number - chain.first < mostReadInFull / 2
    }

    /// Whether the segments in which the backup begins and ends can be read: those that lie between are not opened.
    private func isBackupReadable(in chain: ClosedRange<UInt64>) async throws -> Bool {
        let first = try await reader.delivery(of: extent.firstSegment)
        guard case .bytes(let bytes) = first.contents else { return false }
        // It is asked for again, when its contents may be gone.
        _ = try await reader.digest(of: extent.firstSegment)
        var records = reader.records(from: .record(extent.begin))
        try records.beginSegment(extent.firstSegment, timeline: first.name.timeline)
        try records.feed(bytes.span) { _ in .next }
        if case .ended = records.status { return false }
        guard extent.lastSegment > extent.firstSegment, extent.lastSegment < chain.upperBound else {
            return extent.lastSegment <= chain.upperBound
        }
        return try await reader.digest(of: extent.lastSegment).ending == .goesOn
    }

    /// The segment before one, or the first.
    private func before(_ number: UInt64, _ chain: Chain) -> Replay.Start {
        number > chain.first ? .segment(number - 1) : .backup
    }

    /// With the segment of the last transaction: from there the end of the chain is near.
    private func tailStart(_ chain: Chain) async throws -> Replay.Start {
        let tail = try await ChainTail(of: chain.segments, isOpen: chain.isOpen, in: reader)
        guard let number = tail.lastTransaction?.number ?? tail.last, number > chain.first else { return .backup }
        return .segment(number)
    }
}

extension ReplayStart {
    private func byTime(_ chain: Chain) async throws -> Result {
        let rule = StopRule(target: target)
        let tail = try await ChainTail(of: chain.segments, isOpen: chain.isOpen, in: reader)
        guard let last = tail.lastTransaction, let latest = last.latestEnd, last.number > chain.first else {
            return .found(Choice(start: try await tailStart(chain)))
        }
        // Where even the last one does not stop it, the end of the chain does.
        guard rule.stops(at: latest) else { return .found(try await withSlack(last.number, chain)) }
        let bisection = Bisection(reader: reader, distance: distance(byTimeOf:)) { digest in
            if let latest = digest.latestEnd { return rule.stops(at: latest) ? .behind : .before }
            guard let checkpoint = digest.lastCheckpoint else { return nil }
            // Its time is that of its redo position, in whole seconds.
            return rule.stops(at: checkpoint.time.adding(microseconds: Self.slack)) ? .behind : .before
        }
        let stretch = IdleStretch(reader: reader, last: last)
        switch try await bisection.lastBefore(in: chain.first...last.number) {
        case .found(let digest?, _):
            guard digest.latestEnd == nil, let checkpoint = digest.lastCheckpoint else {
                var choice = try await withSlack(digest.number, chain)
                choice.idle = stretch
                return .found(choice)
            }
            guard checkpoint.isIdle else { return .found(fromRedo(of: checkpoint, chain, idle: stretch)) }
            switch try await stretch.end(from: digest, checkpoint) {
            case .broken(let number): return .broken(at: number)
            case .checkpoint(let end): return .found(fromRedo(of: end, chain, idle: stretch))
            }
        case .found(nil, _): return .found(Choice(idle: stretch))
        case .broken(let number): return .broken(at: number)
        }
    }

    private func distance(byTimeOf digest: SegmentDigest) -> Double? {
        guard case .time(let wanted) = target.kind else { return nil }
        return (digest.latestEnd ?? digest.lastCheckpoint?.time).map { Double($0.rawValue) - Double(wanted.rawValue) }
    }

    // Transactions take their time before they take their place in the WAL: under load some get there in another order.
    private static let slack: Int64 = 2_000_000
    private static let mostForSlack = 6

    /// The segment, or one before it, so that a transaction is seen that stops the recovery a little too early.
    private func withSlack(_ number: UInt64, _ chain: Chain) async throws -> Choice {
        guard case .time(let time) = target.kind else { return Choice(start: .segment(number)) }
        let earliest = time.adding(microseconds: -Self.slack)
        var number = number
        for _ in 0..<Self.mostForSlack where number > chain.first {
            let before = try await reader.digest(of: number - 1)
            guard before.ending == .goesOn, let latest = before.latestEnd, latest > earliest else { break }
            number -= 1
        }
        return Choice(start: number > chain.first ? .segment(number) : .backup)
    }

    /// From the redo position of a checkpoint on: what it says is said of what lies before that.
    private func fromRedo(
        of checkpoint: Checkpoint,
        _ chain: Chain,
        fullXID: UInt64? = nil,
        idle: IdleStretch? = nil
    ) -> Choice {
        let number = reader.segmentSize.segmentNumber(of: checkpoint.redo)
        return Choice(start: number > chain.first ? .segment(number) : .backup, fullXID: fullXID, idle: idle)
    }

    private func byTransaction(_ xid: UInt32, _ chain: Chain) async throws -> Result {
        guard let first = try await firstCheckpoint(in: chain.segments),
            let last = try await lastCheckpoint(in: chain.segments)
        else {
            return .found(Choice())
        }
        let (low, high) = (first.nextFullTransactionID, last.nextFullTransactionID)
        // A number that comes twice in the chain would have to be looked for twice.
        guard high >= low, high - low < 1 << 31 else { return .found(Choice()) }
        let distance = Int64(Int32(bitPattern: xid &- UInt32(truncatingIfNeeded: low)))
        let (full, overflow) = low.addingReportingOverflow(UInt64(bitPattern: distance))
        guard (distance < 0) == overflow else { return .found(Choice()) }
        let bisection = Bisection(reader: reader) { digest in
            digest.lastCheckpoint.map { Double($0.nextFullTransactionID) - Double(full) }
        } side: { digest in
            guard let checkpoint = digest.lastCheckpoint else { return nil }
            return checkpoint.nextFullTransactionID <= full ? .before : .behind
        }
        switch try await bisection.lastBefore(in: chain.segments) {
        case .broken(let number): return .broken(at: number)
        case .found(let digest, _):
            guard let checkpoint = digest?.lastCheckpoint else { return .found(Choice(fullXID: full)) }
            // It began behind that checkpoint, so it ended behind it too.
            return .found(fromRedo(of: checkpoint, chain, fullXID: full))
        }
    }

    // A checkpoint comes at least every few segments, if not every one.
    private static let mostWithoutCheckpoint: UInt64 = 8

    private func firstCheckpoint(in chain: ClosedRange<UInt64>) async throws -> Checkpoint? {
        for number in chain.prefix(Int(Self.mostWithoutCheckpoint)) {
            if let checkpoint = try await reader.digest(of: number).firstCheckpoint { return checkpoint }
        }
        return nil
    }

    private func lastCheckpoint(in chain: ClosedRange<UInt64>) async throws -> Checkpoint? {
        for number in chain.suffix(Int(Self.mostWithoutCheckpoint)).reversed() {
            if let checkpoint = try await reader.digest(of: number).lastCheckpoint { return checkpoint }
        }
        return nil
    }
}
