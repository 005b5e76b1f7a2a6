internal import BarmanCatalog
internal import PostgresWAL

/// Where a chain of segments ends and the last transaction that a recovery along it replays, found from its end.
struct ChainTail {
    /// The segment in which the last transaction's end begins, nil where none has one.
    private(set) var lastTransaction: SegmentDigest?
    /// The segment that ends the chain before the names do, nil where nothing was met.
    private(set) var brokenBy: SegmentDigest?
    /// The number of the last segment of which something can be replayed, nil where there is none.
    private(set) var last: UInt64?

    /// Reads backwards from the last segment of a range to the first end of a transaction that is met.
    ///
    /// - Parameter isOpen: whether a segment that the names do not count may follow.
    init(of segments: ClosedRange<UInt64>, isOpen: Bool = true, in reader: PathReader) async throws {
        var number = isOpen ? try await Self.end(of: segments, in: reader) : segments.upperBound
        var readInVain = 0
        var (idle, followed): (Checkpoint?, Checkpoint?)
        last = number
        while true {
            let digest = try await reader.digest(of: number, whole: true)
            if try !take(digest, notBefore: segments.lowerBound) { (readInVain, idle, followed) = (0, nil, nil) }
            if digest.lastTransaction != nil {
                lastTransaction = digest
                return
            }
            guard number > segments.lowerBound else { return }
            readInVain += 1
            // What ended between its redo position and its record is not covered by it.
            if let checkpoint = digest.firstCheckpoint, checkpoint.isIdle { idle = checkpoint }
            if let found = idle, followed.map({ !found.isIdle(as: $0) }) ?? true,
                number <= reader.segmentSize.segmentNumber(of: found.redo),
                readInVain > Self.mostReadInVain || Self.isIdle(as: found, in: segments.lowerBound..<number, reader)
            {
                let begin = try await Self.begin(of: found, in: segments.lowerBound...number, reader)
                // Before the first of them only silent segments can be passed over.
                (number, followed) = (begin.number, begin.isFirst ? found : nil)
                (readInVain, idle) = (0, nil)
            } else {
                number -= 1
            }
        }
    }

    // From so many segments on without the end of a transaction it is worth to look for where they begin.
    private static let mostReadInVain = 2

    /// Whether a segment of a range, which was looked at before, is as idle as this checkpoint.
    private static func isIdle(as idle: Checkpoint, in segments: Range<UInt64>, _ reader: PathReader) -> Bool {
        guard !segments.isEmpty else { return false }
        return reader.digests(in: segments.lowerBound...segments.upperBound - 1).contains { digest in
            digest.firstCheckpoint.map { $0.isIdle(as: idle) } ?? false
        }
    }

    /// Takes note of how a segment ends; whether the chain goes on behind it.
    private mutating func take(_ digest: SegmentDigest, notBefore first: UInt64) throws -> Bool {
        switch digest.ending {
        case .goesOn: return true
        case .unreadable(let error): throw error
        case .breaksOff, .refused: last = digest.number
        case .missing, .wrongSize: last = digest.number > first ? digest.number - 1 : nil
        }
        brokenBy = digest
        return false
    }

    /// The first of the segments that are as idle as the last one, or one that breaks the chain before it.
    ///
    /// At an idle checkpoint nobody ran; if no transaction has got a number between two of them, none ended there.
    private static func begin(
        of idle: Checkpoint,
        in segments: ClosedRange<UInt64>,
        _ reader: PathReader
    ) async throws -> (number: UInt64, isFirst: Bool) {
        let bisection = Bisection(reader: reader) { digest in
            digest.distance(from: idle, own: 0.5)
        } side: { digest in
            if let checkpoint = digest.firstCheckpoint { return checkpoint.isIdle(as: idle) ? .behind : .before }
            return digest.lastTransaction == nil ? nil : .before
        }
        switch try await bisection.lastBefore(in: segments) {
        case .broken(let number): return (number, false)
        case .found(_, let behind):
            // The last one was read before.
            return (min(behind?.number ?? .max, segments.upperBound - 1), true)
        }
    }

    /// The last segment that a restore delivers and of which something belongs to the path: a lone `.partial` may
    /// follow those that the names count, or the copy of the timeline that the path leaves there.
    private static func end(of segments: ClosedRange<UInt64>, in reader: PathReader) async throws -> UInt64 {
        guard segments.upperBound < .max else { return segments.upperBound }
        let next = try await reader.digest(of: segments.upperBound + 1)
        switch next.ending {
        case .goesOn, .breaksOff, .refused: return segments.upperBound + 1
        case .missing, .wrongSize, .unreadable: return segments.upperBound
        }
    }
}
