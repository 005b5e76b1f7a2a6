public import BarmanCatalog
public import ObjectStorage
public import PostgresWAL

/// How much a finding matters.
public enum Severity: String, Hashable, Sendable, CaseIterable {
    /// Good to know.
    case info
    /// Look at it before it becomes an error.
    case warning
    /// Something cannot be restored, or will be lost.
    case error
}

extension Severity: Comparable {
    /// Whether `left` matters less.
    public static func < (left: Severity, right: Severity) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
}

/// One thing that an audit has to say.
public struct Finding: Hashable, Sendable {
    /// What kind of thing.
    public var code: FindingCode
    /// How much it matters.
    public var severity: Severity
    /// What, where, wanted, got: lower case, no full stop.
    public var message: String
    /// What to do about it, nil where nothing is to be done.
    public var hint: String?
    /// The backup that it is about.
    public var backup: BackupID?
    /// The timeline that it is about.
    public var timeline: TimelineID?
    /// The segment, or the first of several, that it is about.
    public var segment: WALSegmentName?
    /// The last of several segments.
    public var lastSegment: WALSegmentName?
    /// The object that it is about, or the first of several.
    public var key: ObjectKey?

    /// A finding without a place; set what applies.
    public init(_ code: FindingCode, _ severity: Severity, _ message: String, hint: String? = nil) {
        self.code = code
        self.severity = severity
        self.message = message
        self.hint = hint
    }

    /// The finding, about segments of a timeline.
    func about(_ timeline: TimelineID, _ segments: ClosedRange<UInt64>, size: WALSegmentSize) -> Finding {
        var finding = self
        finding.timeline = timeline
        finding.segment = WALSegmentName(timeline: timeline, number: segments.lowerBound, size: size)
        finding.lastSegment = WALSegmentName(timeline: timeline, number: segments.upperBound, size: size)
        return finding
    }

    /// The finding, about a backup.
    func about(_ backup: BackupID) -> Finding {
        var finding = self
        finding.backup = backup
        return finding
    }

    /// The finding, about a timeline.
    func about(_ timeline: TimelineID) -> Finding {
        var finding = self
        finding.timeline = timeline
        return finding
    }

    /// The finding, about an object.
    func about(_ key: ObjectKey?) -> Finding {
        var finding = self
        finding.key = key
        return finding
    }
}
