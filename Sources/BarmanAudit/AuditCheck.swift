internal import BarmanCatalog
internal import BarmanRecovery
public import PostgresWAL

/// A question that an audit asks of one server.
protocol AuditCheck: Sendable {
    /// The answers, none where all is well.
    func findings(in subject: AuditSubject) -> [Finding]
}

/// What a check looks at: the analysis of one server, and what the user wants to be told.
struct AuditSubject: Sendable {
    let analysis: RecoveryAnalysis
    let options: AuditOptions

    var catalog: BackupCatalog { analysis.catalog }
    var size: WALSegmentSize { analysis.catalog.wal.segmentSize }

    /// Whether something that was written at `time` is younger than the grace period.
    ///
    /// What lies further than that in the future was written by another clock, and its age is not known.
    func isYoung(_ time: TimestampTZ) -> Bool { options.isYoung(time) }

    /// How long ago something was, in words.
    func age(of time: TimestampTZ) -> String {
        let seconds = options.now.seconds(since: time)
        return seconds < -1 ? "\(duration(-seconds)) in the future" : "\(duration(seconds)) ago"
    }
}

/// What an audit takes for granted: the time, and how old things may be.
public struct AuditOptions: Hashable, Sendable {
    /// The time to reckon ages from.
    public var now: TimestampTZ

    /// How long a hole or a missing end segment may be an upload that is still under way, in seconds.
    ///
    /// 5 minutes: CloudNativePG's `archive_timeout`.
    public var grace: Double

    /// How old the newest good backup may be, in seconds, nil for any age.
    public var maxBackupAge: Double?

    /// How old the newest WAL may be, in seconds, nil for any age.
    public var maxArchiveAge: Double?

    /// How many segments may be under way at once: far more than CloudNativePG's maxParallel is set to.
    static let mostUploadsAtOnce: UInt64 = 64

    /// Whether something that was written at `time` is younger than the grace period.
    func isYoung(_ time: TimestampTZ) -> Bool {
        abs(now.seconds(since: time)) < grace
    }

    /// The defaults at a time.
    public init(now: TimestampTZ, grace: Double = 300, maxBackupAge: Double? = nil, maxArchiveAge: Double? = nil) {
        self.now = now
        self.grace = grace
        self.maxBackupAge = maxBackupAge
        self.maxArchiveAge = maxArchiveAge
    }
}
