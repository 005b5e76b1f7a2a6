import PostgresWAL
import Testing

struct WALSegmentSizeTests {
    @Test
    func `knows the powers of two from 1 MiB to 1 GiB and no other size`() {
        let known = (20...30).map { 1 << $0 }
        #expect(WALSegmentSize.allSizes.map(\.bytes) == known)
        for bytes in known {
            #expect(WALSegmentSize(bytes: bytes)?.bytes == bytes)
            #expect(WALSegmentSize(bytes: bytes - 1) == nil)
            #expect(WALSegmentSize(bytes: bytes + 1) == nil)
        }
        for bytes in [Int.min, -1 << 24, 0, 1, 1 << 19, 1 << 31, 1 << 62, .max] {
            #expect(WALSegmentSize(bytes: bytes) == nil)
        }
        #expect(WALSegmentSize.standard.bytes == 16 * 1024 * 1024)
    }

    @Test(arguments: [(1, 4096), (16, 256), (64, 64), (1024, 4)])
    func `4 GiB of segments share a log`(megabytes: Int, perLog: UInt32) throws {
        let size = try #require(WALSegmentSize(bytes: megabytes << 20))
        #expect(size.segmentsPerLog == perLog)
    }

    @Test
    func `a position on a boundary belongs to the segment that begins there`() {
        let size = WALSegmentSize.standard
        #expect(size.segmentNumber(of: LSN(rawValue: 0xFF_FFFF)) == 0)
        #expect(size.segmentNumber(of: LSN(rawValue: 0x100_0000)) == 1)
        #expect(size.start(of: 1) == LSN(rawValue: 0x100_0000))
    }

    @Test
    func `the start of a segment behind the stream is the end of the stream`() {
        #expect(WALSegmentSize.standard.start(of: 1 << 40) == LSN(rawValue: .max))
        #expect(WALSegmentSize.standard.start(of: .max) == LSN(rawValue: .max))
    }
}
