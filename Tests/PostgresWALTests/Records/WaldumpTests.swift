import PostgresWAL
import Testing

/// Compares every record with what the pg_waldump of its release says.
struct WaldumpTests {
    static let timelines = WALFixture.majors.flatMap { major in
        [(major, TimelineID(rawValue: 1)), (major, TimelineID(rawValue: 2))]
    }

    @Test(arguments: timelines)
    func `reads what pg_waldump reads`(major: Int, timeline: TimelineID) throws {
        let fixture = try WALFixture(major: major, timeline: timeline)
        let (records, end) = try fixture.read()
        try #require(fixture.lines.count > (timeline == 1 ? 5_000 : 200))
        for (record, line) in zip(records, fixture.lines) {
            try #require(WaldumpLine(record) == line)
        }
        #expect(records.count == fixture.lines.count)
        #expect(end.reason == .zeroLength)
        #expect(end.position == fixture.end)
    }

    // 8191 and 8193 put every page header at every place of a piece.
    @Test(arguments: WALFixture.majors, [1_000, 8_191, 8_193, 1 << 20])
    func `reads the same in pieces of any size`(major: Int, piece: Int) throws {
        let fixture = try WALFixture(major: major, timeline: 1)
        let wanted = try fixture.read()
        let found = try fixture.read(piece: piece)
        #expect(found.records == wanted.records)
        #expect(found.end == wanted.end)
    }

    @Test(arguments: WALFixture.majors, [1_000, 8_193, 1 << 20])
    func `shows the records with events alone, and counts the others`(major: Int, piece: Int) throws {
        let fixture = try WALFixture(major: major, timeline: 1)
        let wanted = try fixture.read()
        var reader = fixture.reader()
        var found: [WALRecord] = []
        for segment in fixture.segments {
            try reader.begin(segment.name, size: WALFixture.size)
            for offset in stride(from: 0, to: segment.bytes.count, by: piece) {
                let bytes = segment.bytes.span.extracting(offset..<min(offset + piece, segment.bytes.count))
                try reader.feedForEvents(bytes) { record in
                    found.append(record)
                    return .next
                }
            }
        }
        #expect(found == wanted.records.filter { $0.event != nil })
        #expect(reader.recordCount == wanted.records.count)
        #expect(reader.lastRecord == wanted.records.last?.start)
        #expect(reader.finish() == wanted.end)
    }

    @Test
    func `stops at the first event when only events are shown`() throws {
        let fixture = try WALFixture(major: 18, timeline: 1)
        let wanted = try #require(try fixture.read().records.first { $0.event != nil })
        var reader = fixture.reader()
        let segment = fixture.segments[0]
        try reader.begin(segment.name, size: WALFixture.size)
        let status = try reader.feedForEvents(segment.bytes.span) { _ in .stop }
        #expect(status == .stopped)
        #expect(reader.lastRecord == wanted.start)
    }

    @Test
    func `reads the same byte by byte`() throws {
        let fixture = try WALFixture(major: 18, timeline: 2)
        let found = try fixture.read(piece: 1)
        #expect(found.records.map(WaldumpLine.init) == fixture.lines)
        #expect(found.end.position == fixture.end)
    }

    @Test(arguments: timelines)
    func `a record ends where the next one begins`(major: Int, timeline: TimelineID) throws {
        let (records, _) = try WALFixture(major: major, timeline: timeline).read()
        for (record, next) in zip(records, records.dropFirst()) {
            let header: UInt64 =
                switch record.end.rawValue {
                case let end where end % UInt64(WALFixture.size.bytes) == 0: 40
                case let end where end % 8192 == 0: 24
                default: 0
                }
            // The overwritten record lies between two others, and is none itself.
            if next.info == 0xD0, next.resourceManager == .xlog { continue }
            try #require(next.start.rawValue == record.end.rawValue + header)
        }
    }

    @Test(arguments: WALFixture.majors)
    func `starts from any record`(major: Int) throws {
        let fixture = try WALFixture(major: major, timeline: 2)
        let whole = try fixture.read()
        let first = WALFixture.size.segmentNumber(of: whole.records[0].start)
        for (index, record) in whole.records.enumerated()
        where WALFixture.size.segmentNumber(of: record.start) == first {
            let found = try fixture.read(from: .record(record.start), piece: 3_000)
            try #require(found.records.count == whole.records.count - index)
            try #require(found.records.first == record)
            try #require(found.end == whole.end)
        }
    }

    @Test(arguments: WALFixture.majors)
    func `goes from the parent's segments to the child's`(major: Int) throws {
        let parent = try WALFixture(major: major, timeline: 1)
        var path = try WALFixture(major: major, timeline: 2)
        let child = path.lines
        path.segments = parent.segments.dropLast() + path.segments
        let (records, end) = try path.read()
        let fork = try #require(child.first?.lsn)
        #expect(records.map(WaldumpLine.init) == parent.lines.filter { $0.lsn < fork } + child)
        #expect(end.position == path.end)
    }
}
