internal import PostgresWAL

/// Finds how far no transaction ends behind an idle checkpoint, by opening few segments.
struct IdleStretch {
    let reader: PathReader
    /// The segment of the last transaction's end in the chain.
    let last: SegmentDigest

    /// What was found.
    enum End {
        /// From the redo position of this checkpoint on there may be ends of transactions.
        case checkpoint(Checkpoint)
        /// A segment that ends the chain.
        case broken(at: UInt64)
    }

    /// The last checkpoint that is as idle as that of a segment in which no transaction ends.
    func end(from digest: SegmentDigest, _ idle: Checkpoint) async throws -> End {
        let bisection = Bisection(reader: reader) { digest in
            digest.distance(from: idle, own: -0.5)
        } side: { digest in
            if digest.lastTransaction != nil { return .behind }
            return digest.lastCheckpoint.map { $0.isIdle(as: idle) ? .before : .behind }
        }
        switch try await bisection.lastBefore(in: digest.number...last.number) {
        case .broken(let number): return .broken(at: number)
        case .found(let later, _): return .checkpoint(later?.lastCheckpoint ?? idle)
        }
    }

    /// The segment with which a replay can go on that has come to the end of this one and met an idle checkpoint in
    /// it, nil where that would spare nothing.
    func next(behind number: UInt64) async throws -> UInt64? {
        guard number < last.number else { return nil }
        let digest = try await reader.digest(of: number)
        guard digest.ending == .goesOn, digest.isOwn, digest.lastTransaction == nil,
            let idle = digest.lastCheckpoint, idle.isIdle,
            case .checkpoint(let end) = try await self.end(from: digest, idle)
        else { return nil }
        let next = reader.segmentSize.segmentNumber(of: end.redo)
        return next > number + 1 ? next : nil
    }
}
