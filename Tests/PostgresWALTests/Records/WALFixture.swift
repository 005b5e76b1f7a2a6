import Decompression
import Foundation
import PostgresWAL
import TestSupport
import Testing

/// Segments as PostgreSQL wrote them, one after the other.
struct WALFixture {
    struct Segment {
        var name: WALSegmentName
        var bytes: [UInt8]
    }

    /// The releases of which there is WAL.
    static let majors = [15, 16, 18]

    static let size = WALSegmentSize.allSizes[0]

    var segments: [Segment]
    /// What pg_waldump says of them, one line a record.
    var lines: [WaldumpLine]
    /// Where pg_waldump found no further record.
    var end: LSN

    /// The segments of a timeline of this release.
    init(major: Int, timeline: TimelineID) throws {
        let folder = Fixture("wal/\(major)").url
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        segments = try names.compactMap { file in
            guard file.hasSuffix(".gz"), let name = WALSegmentName(file.dropLast(3)), name.timeline == timeline
            else { return nil }
            return Segment(name: name, bytes: try Self.expand("wal/\(major)/\(file)"))
        }
        let text = String(
            decoding: try Self.expand("wal/\(major)/timeline-\(timeline).txt.gz"),
            as: UTF8.self
        ).split(separator: "\n")
        lines = text.compactMap { WaldumpLine($0) }
        let last = try #require(text.last)
        let message = try #require(last.range(of: "invalid record length at "))
        end = try #require(LSN(last[message.upperBound...].prefix { $0 != ":" }))
        try #require(lines.count == text.count - 1)
    }

    private static func expand(_ path: String) throws -> [UInt8] {
        try decompress(try Fixture(path).bytes(), format: .gzip, limit: 16 << 20)
    }

    /// A reader for these segments.
    func reader(from start: WALReader.Start = .firstRecord, ancestors: [TimelineID] = [1]) -> WALReader {
        WALReader(from: start, segmentSize: Self.size, ancestors: ancestors)
    }

    /// Everything that a reader finds in the segments, fed in pieces of so many bytes.
    func read(
        from start: WALReader.Start = .firstRecord,
        piece: Int = 65_536
    ) throws -> (records: [WALRecord], end: WALEnd) {
        var reader = reader(from: start)
        var records: [WALRecord] = []
        for segment in segments {
            try reader.begin(segment.name, size: Self.size)
            try reader.feed(segment.bytes, piece: piece) { record in
                records.append(record)
                return .next
            }
        }
        return (records, reader.finish())
    }
}

extension WALReader {
    mutating func begin(_ name: WALSegmentName, size: WALSegmentSize) throws {
        try beginSegment(try #require(name.number(size: size)), timeline: name.timeline)
    }

    /// Feeds bytes in pieces.
    @discardableResult
    mutating func feed(_ bytes: [UInt8], piece: Int, _ body: (WALRecord) -> Step) throws(WALError) -> Status {
        var offset = 0
        while offset < bytes.count {
            let next = min(offset + piece, bytes.count)
            try feed(bytes.span.extracting(offset..<next), body)
            offset = next
        }
        return status
    }
}
