public import PostgresWAL

extension WALRun {
    /// A part of the run, which must lie inside of it.
    ///
    /// A run knows the times of its ends and the sum of its bytes only: bytes are shared out evenly, and inside of the
    /// run the time of its last segment stands in, which no segment of it is newer than.
    public func part(_ range: ClosedRange<UInt64>) -> WALRun {
        guard range != segments else { return self }
        var part = self
        part.segments = range
        part.bytes = Int64(Double(bytes) * Double(part.count) / Double(count))
        if range.lowerBound != segments.lowerBound { part.firstModified = lastModified }
        return part
    }
}

extension WALInventory {
    /// Every whole segment that is there, usable or not, as runs that do not touch each other.
    public var everything: [WALRun] {
        (runs + empty + wrongSize + shadowed)
            .sorted { ($0.timeline, $0.segments.lowerBound) < ($1.timeline, $1.segments.lowerBound) }
            .reduce(into: []) { joined, run in
                guard let last = joined.last, last.timeline == run.timeline,
                    last.segments.upperBound < run.segments.lowerBound,
                    last.segments.upperBound + 1 == run.segments.lowerBound
                else { return joined.append(run) }
                joined[joined.count - 1].segments = last.segments.lowerBound...run.segments.upperBound
                joined[joined.count - 1].bytes &+= run.bytes
                joined[joined.count - 1].lastModified = run.lastModified
            }
    }

    /// The last number of each timeline that any file of the archive names.
    public var lastNumbers: [TimelineID: UInt64] {
        var last: [TimelineID: UInt64] = [:]
        let names = partials.map(\.name) + backupHistories.map(\.segment)
        for run in runs + empty + wrongSize + shadowed {
            last[run.timeline] = max(last[run.timeline] ?? 0, run.segments.upperBound)
        }
        for name in names {
            if let number = name.number(size: segmentSize) {
                last[name.timeline] = max(last[name.timeline] ?? 0, number)
            }
        }
        return last
    }

    /// What is left of the inventory when the files of `segments` are gone.
    public func removing(_ segments: SegmentSet) -> WALInventory {
        WALInventory(self) { run in
            segments.missing(from: run.segments, of: run.timeline).map(run.part)
        } keepingNames: { name in
            name.number(size: segmentSize).map { !segments.contains(name.timeline, $0) } ?? true
        }
    }
}
