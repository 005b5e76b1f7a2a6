internal import Decompression
public import PostgresWAL

/// What was found in segments that follow each other.
public struct RecordCount: Sendable {
    /// The records that begin in the segments and are whole in them.
    public private(set) var records = 0

    /// The commits among them.
    public private(set) var commits = 0

    /// Where the WAL ends.
    public private(set) var end: WALEnd

    private let showsAllRecords: Bool

    /// Reads segments of 16 MiB that follow each other.
    ///
    /// - Parameters:
    ///   - files: The segments.
    ///   - next: The segment behind them, from which the end of their last record is read.
    ///   - showsAllRecords: Whether to have all records shown, or only those that carry an event.
    public init(
        reading files: some Collection<SegmentFile>,
        followedBy next: SegmentFile? = nil,
        showsAllRecords: Bool = false
    ) throws {
        self.showsAllRecords = showsAllRecords
        var reader = WALReader(from: .firstRecord, segmentSize: .standard)
        end = reader.finish()
        for file in files {
            let mapped = try MappedFile(path: file.path)
            try reader.beginSegment(file.name.number(size: .standard) ?? 0, timeline: file.name.timeline)
            if file.format == .none {
                try feed(mapped.bytes, to: &reader)
            } else {
                try expand(mapped.bytes, file.format, to: &reader)
            }
        }
        end = reader.finish()
        guard let next, case .inputEndsInsideRecord = end.reason else { return }
        let mapped = try MappedFile(path: next.path)
        let number = next.name.number(size: .standard) ?? 0
        try reader.beginSegment(number, timeline: next.name.timeline)
        try reader.feed(mapped.bytes) { record in
            guard record.start < WALSegmentSize.standard.start(of: number) else { return .stop }
            records += 1
            if case .commit = record.event { commits += 1 }
            return .stop
        }
        end = reader.finish()
    }

    /// Feeds what a decompressor gives out as it gives it out.
    private mutating func expand(
        _ bytes: Span<UInt8>,
        _ format: CompressionFormat,
        to reader: inout WALReader
    ) throws {
        var decompressor = try Decompressor(format, limit: WALSegmentSize.standard.bytes)
        var failure: WALError?
        try decompressor.expand(bytes) { plain in
            guard failure == nil else { return }
            do throws(WALError) {
                try feed(plain, to: &reader)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        try decompressor.finish()
    }

    private mutating func feed(_ bytes: Span<UInt8>, to reader: inout WALReader) throws(WALError) {
        if showsAllRecords {
            try reader.feed(bytes) { record in
                records += 1
                if case .commit = record.event { commits += 1 }
                return .next
            }
        } else {
            try reader.feedForEvents(bytes) { record in
                if case .commit = record.event { commits += 1 }
                return .next
            }
            records = reader.recordCount
        }
    }
}
