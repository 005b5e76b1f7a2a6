import PostgresWAL
import Testing

@testable import BarmanCatalog

struct SegmentSizeEvidenceTests {
    private static func size(_ megabytes: Int) throws -> WALSegmentSize {
        try #require(WALSegmentSize(bytes: megabytes << 20))
    }

    @Test(arguments: WALSegmentSize.allSizes)
    func `a run over the end of a log gives the size away`(size: WALSegmentSize) {
        let boundary = UInt64(size.segmentsPerLog)
        let found = inventory(names(boundary - 1...boundary, size: size))
        #expect(found.segmentSize == size)
        #expect(found.sizeEvidence == .names)
        #expect(found.runs.count == 1)
    }

    @Test(arguments: [1, 16, 64, 1024])
    func `an uncompressed segment gives the size away`(megabytes: Int) throws {
        let found = inventory([("000000010000000000000001", Int64(megabytes << 20))])
        #expect(found.segmentSize == (try Self.size(megabytes)))
        #expect(found.sizeEvidence == .names)
    }

    @Test
    func `one odd uncompressed segment does not outvote the others`() throws {
        let objects = (1...9).map { ("00000001000000000000000\($0)", Int64($0 == 1 ? 1 << 20 : 16 << 20)) }
        let found = inventory(objects)
        #expect(found.segmentSize == .standard)
        #expect(found.wrongSize.map(\.segments) == [1...1])
        #expect(found.runs.map(\.segments) == [2...9])
    }

    @Test
    func `what the backups say counts more`() throws {
        let size = try Self.size(64)
        let found = inventory(names(0xFF...0x100), sizeOfBackups: size)
        #expect(found.segmentSize == size)
        #expect(found.sizeEvidence == .backups)
    }

    @Test
    func `without a witness PostgreSQL's own size is assumed`() {
        for found in [inventory([String]()), inventory(names(1...9)), inventory(names(0xF0...0xFF))] {
            #expect(found.segmentSize == .standard)
            #expect(found.sizeEvidence == .assumed)
        }
    }

    @Test
    func `a number that 16 MiB segments do not have speaks for a smaller size`() throws {
        let found = inventory(["0000000100000000000007FF.gz"])
        #expect(found.segmentSize == (try Self.size(2)))
        #expect(found.sizeEvidence == .names)
        #expect(found.impossibleNames == 0)
    }

    @Test
    func `of several ends of logs the greatest tells the truth`() {
        // The archive lost 40 to FF of log 0; log 1 is whole.
        let found = inventory(names(0x3E...0x3F) + names(0x100...0x201))
        #expect(found.segmentSize == .standard)
        #expect(found.runs.map(\.segments) == [0x3E...0x3F, 0x100...0x201])
    }

    @Test
    func `logs that do not follow each other say nothing`() {
        let found = inventory(["00000001000000000000003F.gz", "000000010000000200000000.gz"])
        #expect(found.sizeEvidence == .assumed)
        let apart = inventory(["00000001000000000000003F.gz", "000000020000000100000000.gz"])
        #expect(apart.sizeEvidence == .assumed)
    }
}
