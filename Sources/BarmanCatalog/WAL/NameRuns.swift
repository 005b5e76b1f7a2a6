internal import PostgresWAL

/// Segments whose names follow each other within one log: what can be joined without knowing the segment size.
struct NameRun: Hashable {
    var timeline: TimelineID
    var log: UInt32
    var segments: ClosedRange<UInt32>
    /// The size of the uncompressed objects in the run, in bytes; nil where all are compressed.
    var plainSize: Int64?
    var bytes: Int64
    var firstModified: Int64
    var lastModified: Int64
}

/// Collects segments that come in the order of their names, as runs.
struct NameRuns {
    private(set) var runs: [NameRun] = []

    /// No runs yet.
    init() {}

    /// These runs, brought in order.
    init(sorting runs: [NameRun]) {
        self.runs = runs.sorted {
            ($0.timeline, $0.log, $0.segments.lowerBound) < ($1.timeline, $1.log, $1.segments.lowerBound)
        }
    }

    /// Adds a segment behind those already there.
    mutating func append(_ name: WALSegmentName, plainSize: Int64?, bytes: Int64, modified: Int64) {
        append(
            NameRun(
                timeline: name.timeline,
                log: name.log,
                segments: name.segment...name.segment,
                plainSize: plainSize,
                bytes: bytes,
                firstModified: modified,
                lastModified: modified
            )
        )
    }

    /// Adds runs behind those already there.
    mutating func append(_ next: NameRuns) {
        guard let first = next.runs.first else { return }
        append(first)
        runs += next.runs.dropFirst()
    }

    private mutating func append(_ run: NameRun) {
        let last = runs.count - 1
        if last >= 0, runs[last].timeline == run.timeline, runs[last].log == run.log,
            runs[last].plainSize == run.plainSize, runs[last].segments.upperBound < run.segments.lowerBound,
            runs[last].segments.upperBound + 1 == run.segments.lowerBound
        {
            runs[last].segments = runs[last].segments.lowerBound...run.segments.upperBound
            runs[last].bytes &+= run.bytes
            runs[last].lastModified = run.lastModified
            return
        }
        runs.append(run)
    }

    /// The runs with numbers for names, joined over the ends of logs; segments that no log of this size has
    /// are left out.
    func numbered(size: WALSegmentSize) -> [WALRun] {
        var numbered: [WALRun] = []
        for run in runs where run.segments.lowerBound < size.segmentsPerLog {
            let first = UInt64(run.log) * UInt64(size.segmentsPerLog)
            let lastSegment = min(run.segments.upperBound, size.segmentsPerLog - 1)
            let segments = first + UInt64(run.segments.lowerBound)...first + UInt64(lastSegment)
            let last = numbered.count - 1
            if last >= 0, numbered[last].timeline == run.timeline,
                numbered[last].segments.upperBound + 1 == segments.lowerBound
            {
                numbered[last].segments = numbered[last].segments.lowerBound...segments.upperBound
                numbered[last].bytes &+= run.bytes
                numbered[last].lastModified = TimestampTZ(unixMicroseconds: run.lastModified)
            } else {
                numbered.append(
                    WALRun(
                        timeline: run.timeline,
                        segments: segments,
                        bytes: run.bytes,
                        firstModified: TimestampTZ(unixMicroseconds: run.firstModified),
                        lastModified: TimestampTZ(unixMicroseconds: run.lastModified)
                    )
                )
            }
        }
        return numbered
    }
}
