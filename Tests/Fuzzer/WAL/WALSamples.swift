import Decompression
import PostgresWAL

/// The segments in `Fixtures/wal/`, and the records in them.
struct WALSamples {
    /// A segment, and where its records lie.
    struct Segment {
        var bytes: [UInt8]
        var records: [(layout: RecordLayout, carriesEvent: Bool)]
    }

    var segments: [Segment] = []
    /// Records that carry an event, each kind as often as any.
    var events: [RawRecord] = []
    /// Other records.
    var others: [RawRecord] = []

    init(_ corpus: Corpus) throws {
        let size = WALSegmentSize.allSizes[0]
        var kinds: [UInt16: Int] = [:]
        for packed in try corpus.files(in: "wal", where: { $0.hasSuffix(".gz") && !$0.hasSuffix(".txt.gz") }) {
            let bytes = try decompress(packed, format: .gzip, limit: size.bytes)
            guard let header = WALPageHeader(bytes.span) else { continue }
            var segment = Segment(bytes: bytes, records: [])
            var reader = WALReader(from: .firstRecord, segmentSize: size, ancestors: [1])
            try reader.beginSegment(size.segmentNumber(of: header.address), timeline: 2)
            try reader.feed(bytes.span) { record in
                let start = Int(record.start.rawValue - header.address.rawValue)
                guard let layout = RecordLayout(start: start, length: Int(record.length), in: bytes) else {
                    return .next
                }
                segment.records.append((layout, record.event != nil))
                let kind = UInt16(record.resourceManager.rawValue) << 8 | UInt16(record.info)
                kinds[kind, default: 0] += 1
                // 20: enough of the common ones, so that the rare ones are drawn as well.
                guard kinds[kind, default: 0] <= 20 else { return .next }
                let raw = RawRecord(
                    xid: record.xid.rawValue,
                    info: record.info,
                    resourceManager: record.resourceManager.rawValue,
                    body: Array(layout.bytes(in: bytes).dropFirst(24))
                )
                if record.event != nil { events.append(raw) } else { others.append(raw) }
                return .next
            }
            segments.append(segment)
        }
    }
}
