internal import Decompression
public import PostgresWAL

/// The WAL of one server as runs: what a restore would find, and what it would stumble over.
public struct WALInventory: Hashable, Sendable {
    /// From what the segment size is known.
    public enum SizeEvidence: Hashable, Sendable {
        /// The backups say so.
        case backups
        /// The names or the sizes of the objects say so.
        case names
        /// Nothing says so; PostgreSQL's default is assumed.
        case assumed
    }

    /// The size of a segment.
    public let segmentSize: WALSegmentSize

    /// From what it is known.
    public let sizeEvidence: SizeEvidence

    /// Segments that `barman-cloud-wal-restore` would deliver whole, by timeline and number.
    public let runs: [WALRun]

    /// Segments of which a restore would get zero bytes.
    public let empty: [WALRun]

    /// Segments of which any object has zero bytes, even one that a restore passes over today: the second of a
    /// duplicate, or a `.partial`.
    ///
    /// It is what a restore gets as soon as the object before it is gone. What a restore gets now is in ``empty``;
    /// every segment of that is here as well. The runs have the times of the empty objects, and no bytes.
    public let emptyObjects: [WALRun]

    /// Uncompressed segments whose size is not the segment size: PostgreSQL stops at one with a fatal error.
    public let wrongSize: [WALRun]

    /// Segments in whose place `barman-cloud-wal-restore` would deliver a `.partial`.
    public let shadowed: [WALRun]

    /// Segments that lie there in more than one whole object.
    public let duplicates: [WALRun]

    /// The unfinished segments that promotions left.
    public let partials: [PartialSegment]

    /// The backup history files, `….backup`, each once however many objects it lies in.
    public let backupHistories: [BackupHistoryFile]

    /// How many names of whole segments there are, usable or not.
    public let segmentCount: Int

    /// The sum of the sizes of their objects, in bytes.
    public let bytes: Int64

    /// Names whose last eight digits do not exist at this segment size, as a count.
    public let impossibleNames: Int

    init(_ builder: Builder, sizeOfBackups: WALSegmentSize?) {
        let usable = builder.usable.runs
        let inferred = sizeOfBackups == nil ? SegmentSizeEvidence(of: usable).size : nil
        let size = sizeOfBackups ?? inferred ?? .standard
        segmentSize = size
        sizeEvidence = sizeOfBackups != nil ? .backups : inferred != nil ? .names : .assumed
        let fitting = { (run: NameRun) in run.plainSize.map { $0 == Int64(size.bytes) } ?? true }
        let wrong = builder.wrongSize.runs + usable.filter { !fitting($0) }
        runs = NameRuns(sorting: usable.filter(fitting)).numbered(size: size)
        wrongSize = NameRuns(sorting: wrong).numbered(size: size)
        empty = builder.empty.numbered(size: size)
        emptyObjects = builder.emptyObjects.numbered(size: size)
        shadowed = builder.shadowed.numbered(size: size)
        duplicates = builder.duplicates.numbered(size: size)
        partials = builder.partials
        backupHistories = builder.backupHistories
        segmentCount = builder.wholeSegments
        bytes = builder.wholeBytes
        impossibleNames = usable.reduce(0) { $0 + $1.segmentsBehind(size.segmentsPerLog) }
    }

    /// An inventory of these runs, which must be in order and not touch each other.
    public init(runs: [WALRun], partials: [PartialSegment] = [], segmentSize: WALSegmentSize) {
        self.segmentSize = segmentSize
        self.sizeEvidence = .backups
        self.runs = runs
        self.partials = partials
        self.empty = []
        self.emptyObjects = []
        self.wrongSize = []
        self.shadowed = []
        self.duplicates = []
        self.backupHistories = []
        self.segmentCount = runs.reduce(0) { $0 + $1.count }
        self.bytes = runs.reduce(0) { $0 &+ $1.bytes }
        self.impossibleNames = 0
    }

    /// The parts of another inventory that are left of each run and each single file.
    init(
        _ other: WALInventory,
        keeping parts: (WALRun) -> [WALRun],
        keepingNames isKept: (WALSegmentName) -> Bool
    ) {
        segmentSize = other.segmentSize
        sizeEvidence = other.sizeEvidence
        runs = other.runs.flatMap(parts)
        empty = other.empty.flatMap(parts)
        emptyObjects = other.emptyObjects.flatMap(parts)
        wrongSize = other.wrongSize.flatMap(parts)
        shadowed = other.shadowed.flatMap(parts)
        duplicates = other.duplicates.flatMap(parts)
        partials = other.partials.filter { isKept($0.name) }
        backupHistories = other.backupHistories.filter { isKept($0.segment) }
        let wholes = runs + empty + wrongSize + shadowed
        segmentCount = wholes.reduce(0) { $0 + $1.count }
        bytes = wholes.reduce(0) { $0 &+ $1.bytes }
        impossibleNames = other.impossibleNames
    }

    /// The timelines that have a usable segment, ascending.
    public var timelines: [TimelineID] {
        runs.reduce(into: []) { timelines, run in
            if timelines.last != run.timeline { timelines.append(run.timeline) }
        }
    }

    /// The runs of one timeline, by number.
    public func runs(of timeline: TimelineID) -> ArraySlice<WALRun> {
        let start = runs.partitionPoint { $0.timeline >= timeline }
        let end = runs.partitionPoint { $0.timeline > timeline }
        return runs[start..<end]
    }

    /// The run that a segment belongs to, nil where the segment is not there.
    public func run(of timeline: TimelineID, containing segment: UInt64) -> WALRun? {
        let candidates = runs(of: timeline)
        let index = candidates.partitionPoint { $0.segments.upperBound >= segment }
        guard index < candidates.endIndex, candidates[index].segments.contains(segment) else { return nil }
        return candidates[index]
    }

    /// How many segments of a range are there, but not usable: empty, of a wrong size, or shadowed.
    public func unusableCount(of timeline: TimelineID, in range: ClosedRange<UInt64>) -> Int {
        [empty, wrongSize, shadowed].reduce(0) { count, runs in
            let start = runs.partitionPoint {
                ($0.timeline, $0.segments.upperBound) >= (timeline, range.lowerBound)
            }
            return runs[start...].prefix { $0.timeline == timeline && $0.segments.lowerBound <= range.upperBound }
                .reduce(count) { $0 + $1.segments.clamped(to: range).count }
        }
    }

    /// The run whose last object was written last: where the archiver is.
    public var head: WALRun? {
        runs.max {
            ($0.lastModified, $0.timeline, $0.segments.upperBound) < (
                $1.lastModified, $1.timeline, $1.segments.upperBound
            )
        }
    }
}

/// A `.partial` of the archive.
public struct PartialSegment: Hashable, Sendable {
    /// The segment of which it is the beginning.
    public var name: WALSegmentName

    /// The size of the stored object, in bytes.
    public var size: Int64

    /// When the object was written.
    public var lastModified: TimestampTZ

    /// A partial segment of these parts.
    public init(name: WALSegmentName, size: Int64 = 0, lastModified: TimestampTZ = TimestampTZ(rawValue: 0)) {
        self.name = name
        self.size = size
        self.lastModified = lastModified
    }
}

/// A backup history file of the archive: what a backup on a primary leaves in the WAL.
public struct BackupHistoryFile: Hashable, Sendable {
    /// The segment in which the backup began.
    public var segment: WALSegmentName

    /// Where in the segment it began, in bytes.
    public var offset: UInt32

    /// A file of these parts.
    public init(segment: WALSegmentName, offset: UInt32) {
        self.segment = segment
        self.offset = offset
    }
}

extension RandomAccessCollection {
    /// The first index whose element, like all behind it, satisfies the predicate.
    func partitionPoint(where isBehind: (Element) -> Bool) -> Index {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = index(low, offsetBy: distance(from: low, to: high) / 2)
            if isBehind(self[middle]) { high = middle } else { low = index(after: middle) }
        }
        return low
    }
}
