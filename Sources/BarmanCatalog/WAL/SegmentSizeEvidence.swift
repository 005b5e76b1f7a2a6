internal import PostgresWAL

/// What the names and sizes of WAL objects say about the segment size.
///
/// Three witnesses, strongest first: the size of uncompressed objects; a log that is followed by the next one,
/// whose last segment is then the greatest its log can have; the greatest segment number seen at all.
struct SegmentSizeEvidence {
    /// The size that the witnesses agree on, nil where there is no witness.
    let size: WALSegmentSize?

    init(of runs: [NameRun]) {
        if let plain = Self.commonPlainSize(of: runs) {
            size = WALSegmentSize(bytes: Int(clamping: plain))
            return
        }
        let greatest = runs.map(\.segments.upperBound).max() ?? 0
        let possible = WALSegmentSize.allSizes.filter { $0.segmentsPerLog > greatest }
        let crossings = Self.crossings(in: runs)
        let matching = possible.filter { size in crossings.contains(size.segmentsPerLog - 1) }
        // Of several crossings the greatest tells the truth: the others are ends of WAL that was switched or lost.
        if let first = matching.first {
            size = first
        } else if greatest >= WALSegmentSize.standard.segmentsPerLog {
            size = possible.last
        } else {
            size = nil
        }
    }

    /// The size of most uncompressed objects: a few may have been cut short.
    private static func commonPlainSize(of runs: [NameRun]) -> Int64? {
        var counts: [Int64: Int] = [:]
        for run in runs {
            if let plain = run.plainSize { counts[plain, default: 0] += run.segments.count }
        }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
    }

    /// The last segments of logs behind which the next log begins at 0 on the same timeline.
    private static func crossings(in runs: [NameRun]) -> Set<UInt32> {
        var ends: Set<UInt32> = []
        for (former, latter) in zip(runs, runs.dropFirst())
        where former.timeline == latter.timeline && former.log < latter.log && former.log + 1 == latter.log
            && latter.segments.lowerBound == 0
        {
            ends.insert(former.segments.upperBound)
        }
        return ends
    }
}

extension NameRun {
    /// How many segments of the run no log of so many segments has.
    func segmentsBehind(_ perLog: UInt32) -> Int {
        guard segments.upperBound >= perLog else { return 0 }
        return Int(segments.upperBound - max(segments.lowerBound, perLog)) + 1
    }
}
