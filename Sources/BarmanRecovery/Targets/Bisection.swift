internal import PostgresWAL

/// Looks for a place in a chain of segments by cutting it where the place should be, or by halving it.
struct Bisection {
    /// On which side of the place a segment lies.
    enum Side {
        case before
        case behind
    }

    /// What was found.
    enum Result {
        /// The last segment that is known to lie before the place and the first that is known to lie behind it, nil
        /// where none is.
        case found(before: SegmentDigest?, behind: SegmentDigest?)
        /// A segment that ends the chain.
        case broken(at: UInt64)
    }

    private static let mostOneByOne: UInt64 = 12

    let reader: PathReader
    /// How far behind the place a segment lies by what it says, less than zero before it; nil where nothing tells.
    ///
    /// In any unit: it only says where to cut.
    var distance: (SegmentDigest) -> Double? = { _ in nil }
    /// The side of a segment, nil where nothing in it tells.
    let side: (SegmentDigest) -> Side?

    /// The last segment that lies before the place.
    ///
    /// Only a segment that says so itself is taken for one, so that no more than the order of what the segments say
    /// is relied upon; where segments are silent, one that lies further back may be found.
    func lastBefore(in chain: ClosedRange<UInt64>) async throws -> Result {
        var (before, behind): (SegmentDigest?, SegmentDigest?)
        // All below is before, all from here on is behind or does not tell.
        var (low, high) = (chain.lowerBound, chain.upperBound)
        var cut = Interpolation(in: low..<high)
        for digest in reader.digests(in: chain) where digest.ending == .goesOn && digest.isOwn && behind == nil {
            learn(digest, &cut)
            switch side(digest) {
            case .before: (before, low) = (digest, digest.number + 1)
            case .behind: (behind, high) = (digest, digest.number)
            case nil: break
            }
        }
        while low < high {
            let middle = cut.next(in: low..<high)
            // Silent ones are passed over one by one, and by steps that double where there are many.
            var (number, step): (UInt64, UInt64) = (middle, 1)
            var told: (digest: SegmentDigest, side: Side)?
            while told == nil, number < high {
                let digest = try await reader.digest(of: number)
                switch digest.ending {
                // What the names show of a timeline and a restore gets of its parent is not there any more.
                case .goesOn where digest.isOwn: break
                case .goesOn: return .broken(at: number)
                case .unreadable(let error): throw error
                case .breaksOff, .refused, .missing, .wrongSize: return .broken(at: number)
                }
                told = side(digest).map { (digest, $0) }
                number += step
                if number - middle >= Self.mostOneByOne { step *= 2 }
            }
            if let told { learn(told.digest, &cut) }
            switch told?.side {
            case .before:
                before = told?.digest
                low = (told?.digest.number ?? middle) + 1
            case .behind:
                behind = told?.digest
                high = middle
            case nil: high = middle
            }
        }
        return .found(before: before, behind: behind)
    }

    private func learn(_ digest: SegmentDigest, _ cut: inout Interpolation) {
        guard let distance = distance(digest), let side = side(digest) else { return }
        cut.learn(digest.number, isBehind: side == .behind, distance)
    }
}
