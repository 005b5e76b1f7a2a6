internal import BarmanCatalog
internal import PostgresWAL

/// Where the chains of segments along one path end, for backups that begin at different places of it.
final class PathChains {
    /// Where a recovery that goes on as far as it can comes to.
    struct End {
        /// Everything before it can be replayed.
        var position: LSN
        /// The last end of a transaction.
        var lastTransaction: TargetVerdict.Neighbour?
        /// The last segment of which something was replayed, nil where that was not found out.
        var segment: UInt64?
        /// What ends the chain before the names do, nil where nothing does.
        var damage: WALDamage?
    }

    private let reader: PathReader
    private let mostReadInFull: UInt64
    /// The chain that was replayed last, from which number on.
    private var replayed: (first: UInt64, end: End)?

    init(reader: PathReader, mostReadInFull: UInt64) {
        self.reader = reader
        self.mostReadInFull = mostReadInFull
    }

    /// The end of the chain from a backup on, of which the names show the segments through `last`.
    func end(from extent: BackupExtent, through last: UInt64) async throws -> End {
        // Many paths are looked at before any is done with.
        defer { reader.release() }
        if last - extent.firstSegment >= mostReadInFull {
            return try await endByTail(extent.firstSegment...last)
        }
        // A backup that begins in the midst of a chain comes to the same end.
        if let replayed, replayed.first <= extent.firstSegment, replayed.end.position >= extent.end {
            return replayed.end
        }
        let end = try await endByReplay(extent, last)
        replayed = (extent.firstSegment, end)
        return end
    }

    private func endByReplay(_ extent: BackupExtent, _ last: UInt64) async throws -> End {
        reader.readAhead(through: last)
        let rule = StopRule(target: RecoveryTarget(.latest))
        let (outcome, trace) = try await Replay(reader: reader, extent: extent)
            .run(by: rule, keepsPath: true)
        return End(
            position: trace.last?.end ?? extent.begin,
            lastTransaction: trace.before,
            segment: trace.number,
            damage: Replay.damage(outcome, trace, through: last)
        )
    }

    private func endByTail(_ chain: ClosedRange<UInt64>) async throws -> End {
        let tail = try await ChainTail(of: chain, in: reader)
        // A lone partial segment behind the last whole one may well break off.
        guard let broken = tail.brokenBy, broken.brokenNumber <= chain.upperBound else {
            return End(position: LSN(rawValue: .max), lastTransaction: tail.lastTransaction?.lastTransaction)
        }
        return End(
            position: broken.end(size: reader.segmentSize),
            lastTransaction: tail.lastTransaction?.lastTransaction,
            damage: WALDamage(broken.breaksOffIn ?? broken.name, broken.brokenNumber, ending: broken.ending)
        )
    }
}

extension SegmentDigest {
    /// The number of the segment that breaks the chain, of one that says so.
    fileprivate var brokenNumber: UInt64 { breaksOffIn == nil ? number : number + 1 }

    /// Where what can be replayed ends in a segment that breaks the chain.
    fileprivate func end(size: WALSegmentSize) -> LSN {
        switch ending {
        case .breaksOff(let end): end.position
        case .refused(let lsn): lsn
        case .goesOn, .missing, .wrongSize, .unreadable: size.start(of: number)
        }
    }
}

extension Replay {
    /// What a replay met that is listed and cannot be used, nil where nothing.
    ///
    /// - Parameter last: the last segment that the names show; a partial one behind it may break off.
    static func damage(_ outcome: Outcome, _ trace: Trace, through last: UInt64?) -> WALDamage? {
        guard let last else { return nil }
        switch outcome {
        case .stopped, .passed: return nil
        case .missing(let missing):
            guard missing.number <= last || missing.damage != nil else { return nil }
            return WALDamage(missing.name, missing.number, ending: .missing(damage: missing.damage))
        case .wrongSize(let name, let number, let bytes):
            return WALDamage(name, number, .wrongSize(bytes))
        case .refused(let name, let number, let lsn):
            return WALDamage(name, number, .walLevelMinimal(lsn))
        case .ended(let end):
            guard let segment = trace.segment, let number = trace.number, number <= last else { return nil }
            return WALDamage(segment, number, ending: .breaksOff(end))
        }
    }
}
