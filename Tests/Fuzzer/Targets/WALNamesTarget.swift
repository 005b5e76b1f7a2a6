import PostgresWAL

/// The small texts and numbers of WAL: file names, positions, times, page headers.
struct WALNamesTarget: FuzzTarget {
    private let mutator: Mutator

    init(_ corpus: Corpus) throws {
        let names = try corpus.file("postgres/wal-file-names.tsv").split { $0 == 0x0A || $0 == 0x09 }.map(Array.init)
        let texts = [
            "16/B374D848", "FFFFFFFF/FFFFFFFF", "2026-11-20 20:45:37.78+00", "2026-11-20T20:45:37.780000Z",
            "9999-12-31 23:59:59.999999-15:59", "0000-02-29T00:00:00+1559", "000000010000000000000010.partial",
        ]
        mutator = Mutator(corpus: names + texts.map { Array($0.utf8) }, sizeLimit: 200, blockSize: 8)
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        mutator.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        try checkName(input)
        let text = String(decoding: input, as: UTF8.self)
        if let lsn = LSN(text) {
            try expect(LSN(lsn.description) == lsn, "\(text) is another position when written")
        }
        if let time = TimestampTZ.parse(text)?.time {
            try checkTime(time)
        }
        try checkNumbers(input)
    }

    private func checkName(_ input: [UInt8]) throws(Violation) {
        guard let name = WALFileName(input) else { return }
        let written =
            switch name.kind {
            case .segment(let segment): segment.description
            case .partial(let segment): "\(segment).partial"
            case .timelineHistory(let timeline): timeline.historyFileName
            case .backupHistory(let segment, let offset):
                "\(segment)." + String(repeating: "0", count: offset.leadingZeroBitCount / 4 - (offset == 0 ? 1 : 0))
                    + String(offset, radix: 16, uppercase: true) + ".backup"
            }
        let same = input.elementsEqual(written.utf8)
        try expect(same == name.isUpperCase, "\(String(decoding: input, as: UTF8.self)) is written as \(written)")
        try expect(WALFileName(Array(written.utf8))?.kind == name.kind, "\(written) is another file")
        guard case .segment(let segment) = name.kind else { return }
        for size in WALSegmentSize.allSizes {
            guard let number = segment.number(size: size) else { continue }
            let again = WALSegmentName(timeline: segment.timeline, number: number, size: size)
            try expect(again == segment, "\(segment) of \(size.bytes) bytes comes back as \(again)")
        }
    }

    private func checkTime(_ time: TimestampTZ) throws(Violation) {
        let again = TimestampTZ.parse(time.description)?.time
        // A time zone can carry a time over the end of the year 9999, or before the year 0, which are not read.
        try expect(again == time || isOutOfRange(time), "\(time)")
    }

    private func isOutOfRange(_ time: TimestampTZ) -> Bool {
        time.description.hasPrefix("-") || time.description.prefix { $0 != "-" }.count > 4
    }

    /// The bytes as numbers, whatever they are.
    private func checkNumbers(_ input: [UInt8]) throws(Violation) {
        let header = WALPageHeader(input.span)
        try expect(header == nil || input.count >= 24, "a page header of \(input.count) bytes")
        guard input.count >= 8 else { return }
        let number = input.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let time = TimestampTZ(rawValue: Int64(bitPattern: number))
        try expect(!time.description.isEmpty && time.seconds(since: time) == 0, "no time")
        _ = (time.unixMicroseconds, time.adding(microseconds: time.rawValue))
        for size in WALSegmentSize.allSizes {
            let start = size.start(of: size.segmentNumber(of: LSN(rawValue: number)))
            try expect(start.rawValue <= number, "\(LSN(rawValue: number)) lies before its segment")
            _ = WALSegmentName(timeline: 1, number: number, size: size).description
        }
    }
}
