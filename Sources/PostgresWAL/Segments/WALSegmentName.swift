/// The 24 hexadecimal digits that name a WAL segment file: timeline, log and segment within the log.
///
/// A name can be read without knowing the segment size; its ``number(size:)`` cannot.
public struct WALSegmentName: Hashable, Sendable {
    /// The timeline that the segment was written on.
    public var timeline: TimelineID

    /// The second eight digits: which 4 GiB of the stream.
    public var log: UInt32

    /// The last eight digits: which segment of those 4 GiB.
    public var segment: UInt32

    /// The name of these parts.
    public init(timeline: TimelineID, log: UInt32, segment: UInt32) {
        self.timeline = timeline
        self.log = log
        self.segment = segment
    }

    /// The name of the segment with this number.
    public init(timeline: TimelineID, number: UInt64, size: WALSegmentSize) {
        let perLog = UInt64(size.segmentsPerLog)
        self.timeline = timeline
        self.log = UInt32(truncatingIfNeeded: number / perLog)
        self.segment = UInt32(number % perLog)
    }

    /// The name that `text` spells, nil where it is not 24 hexadecimal digits of either case.
    public init?(_ text: some StringProtocol) {
        guard case .segment(let name)? = WALFileName(Array(text.utf8))?.kind else { return nil }
        self = name
    }

    /// The position of the segment in the stream, in segments, nil for a name that this size never makes.
    public func number(size: WALSegmentSize) -> UInt64? {
        guard segment < size.segmentsPerLog else { return nil }
        return UInt64(log) * UInt64(size.segmentsPerLog) + UInt64(segment)
    }

    /// The first 16 digits, which name the directory that Barman puts the segment in.
    public var directory: String {
        timeline.rawValue.eightHexadecimalDigits + log.eightHexadecimalDigits
    }
}

extension WALSegmentName: Comparable {
    /// Compares as the names do: by timeline, then by position.
    public static func < (left: WALSegmentName, right: WALSegmentName) -> Bool {
        (left.timeline.rawValue, left.log, left.segment) < (right.timeline.rawValue, right.log, right.segment)
    }
}

extension WALSegmentName: CustomStringConvertible {
    /// The 24 digits in upper case, as PostgreSQL writes them.
    public var description: String {
        directory + segment.eightHexadecimalDigits
    }
}
