import PostgresWAL
import TestSupport
import Testing

struct WALSegmentNameTests {
    /// What PostgreSQL answered for a position, see `Fixtures/postgres/make.sh`.
    struct Answer {
        var size: WALSegmentSize
        var position: LSN
        var name: WALSegmentName
        var offset: UInt64
    }

    static func answers() throws -> [Answer] {
        try Fixture("postgres/wal-file-names.tsv").lines().map { line in
            let fields = line.split(separator: "\t")
            try #require(fields.count == 4)
            return Answer(
                size: try #require(WALSegmentSize(bytes: Int(fields[0]) ?? 0)),
                position: try #require(LSN(fields[1])),
                name: try #require(WALSegmentName(fields[2])),
                offset: try #require(UInt64(fields[3]))
            )
        }
    }

    @Test
    func `names the file that PostgreSQL names, at every segment size it was asked at`() throws {
        let answers = try Self.answers()
        #expect(Set(answers.map(\.size.bytes)) == [1 << 20, 16 << 20, 64 << 20, 1 << 30])
        #expect(answers.count > 250)
        for answer in answers {
            let number = answer.size.segmentNumber(of: answer.position)
            let offset = answer.position.rawValue - answer.size.start(of: number).rawValue
            #expect(offset == answer.offset)
            // On a boundary PostgreSQL 15 names the segment that ends there.
            let named = offset == 0 ? number - 1 : number
            #expect(WALSegmentName(timeline: 1, number: named, size: answer.size) == answer.name)
            #expect(answer.name.number(size: answer.size) == named)
        }
    }

    @Test(arguments: WALSegmentSize.allSizes)
    func `a number comes back from its name`(size: WALSegmentSize) {
        let perLog = UInt64(size.segmentsPerLog)
        let numbers = [0, 1, perLog - 1, perLog, perLog + 1, 2 * perLog - 1, (1 << 32) * perLog - 1]
        for number in numbers {
            let name = WALSegmentName(timeline: 7, number: number, size: size)
            #expect(name.number(size: size) == number)
            #expect(WALSegmentName(name.description) == name)
        }
    }

    @Test(arguments: [(1, "FFF", "1000"), (16, "FF", "100"), (64, "3F", "40"), (1024, "3", "4")])
    func `a name that the size never makes has no number`(megabytes: Int, last: String, behind: String) throws {
        let size = try #require(WALSegmentSize(bytes: megabytes << 20))
        let name = { (digits: String) in
            WALSegmentName("0000000100000002" + String(repeating: "0", count: 8 - digits.count) + digits)
        }
        #expect(name(last)?.number(size: size) == 3 * UInt64(size.segmentsPerLog) - 1)
        #expect(try #require(name(behind)).number(size: size) == nil)
    }

    @Test
    func `names the directory that Barman puts it in by log, whatever the size`() throws {
        #expect(WALSegmentName("00000006000000AB000000FF")?.directory == "00000006000000AB")
        let large = try #require(WALSegmentSize(bytes: 1 << 30))
        #expect(WALSegmentName(timeline: 1, number: 5, size: large).directory == "0000000100000001")
    }

    @Test
    func `is ordered as the names are`() {
        let names = [
            "000000010000000000000001", "0000000100000000000000FF", "000000010000000100000000",
            "000000020000000000000000", "0000000A0000000000000000",
        ].compactMap { WALSegmentName($0) }
        #expect(names.count == 5)
        #expect(names.sorted().map(\.description) == names.map(\.description).sorted())
        #expect(zip(names, names.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test(arguments: [
        "", "00000001000000000000000", "0000000100000000000000011", "00000001000000000000000G",
        "000000010000000000000001.partial", "00000001.history", "0x0000010000000000000001",
    ])
    func `refuses what is not 24 digits`(text: String) {
        #expect(WALSegmentName(text) == nil)
    }
}
