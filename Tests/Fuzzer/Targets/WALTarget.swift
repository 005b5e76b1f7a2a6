import PostgresWAL

/// The reader of WAL: the same records whatever the pieces, and none that is not there.
struct WALTarget: FuzzTarget {
    private let inputs: WALInputs

    init(_ corpus: Corpus) throws {
        inputs = try WALInputs(corpus)
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        inputs.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        var random = SeededGenerator(from: input)
        var feeding = WALFeeding(input, &random)
        let whole = WALReading(input[...], feeding) { .max }
        try checkRecords(whole, of: input, feeding)
        try checkPieces(whole, of: input, feeding, &random)
        try checkPrefix(whole, of: input, feeding, &random)
        if random.oneIn(4), !whole.records.isEmpty {
            let count = random.below(whole.records.count)
            let stopped = WALReading(input[...], feeding, stopBehind: count) { random.size(upTo: 9000) }
            try expect(stopped.records == Array(whole.records.prefix(count + 1)), "stopping changes the records")
        }
        if random.oneIn(4) {
            feeding.usesInstruction = false
            let other = WALReading(input[...], feeding) { .max }
            try compare(whole, other, "without the processor's checksum")
        }
        feeding.start = .record(start(whole, feeding, &random))
        let inside = WALReading(input[...], feeding) { .max }
        try checkRecords(inside, of: input, feeding)
        try checkPieces(inside, of: input, feeding, &random)
    }

    /// A position to start from: mostly that of a record.
    private func start(_ whole: WALReading, _ feeding: WALFeeding, _ random: inout SeededGenerator) -> LSN {
        if !random.oneIn(3), let record = whole.records.randomElement(using: &random) { return record.start }
        let offset = UInt64(random.size(upTo: 100_000)) * (random.oneIn(10) ? 1 : 8)
        return LSN(rawValue: feeding.origin &+ offset)
    }

    private func compare(_ one: WALReading, _ other: WALReading, _ how: String) throws(Violation) {
        try expect(one.outcome == other.outcome, "\(one.outcome), \(how) \(other.outcome)")
        try expect(
            one.records == other.records,
            "\(one.records.count) records, \(how) \(other.records.count) or others"
        )
    }

    private func checkPieces(
        _ whole: WALReading,
        of input: [UInt8],
        _ feeding: WALFeeding,
        _ random: inout SeededGenerator
    ) throws(Violation) {
        let most = input.count < 40_000 && random.oneIn(4) ? 1 : random.size(upTo: 20_000)
        let pieces = WALReading(input[...], feeding) { most == 1 ? 1 : random.size(upTo: most) }
        try compare(whole, pieces, "in pieces of at most \(most)")
    }

    /// Reads a part of the stream: it must show what lies wholly in it, and nothing else.
    private func checkPrefix(
        _ whole: WALReading,
        of input: [UInt8],
        _ feeding: WALFeeding,
        _ random: inout SeededGenerator
    ) throws(Violation) {
        let count = random.below(input.count + 1)
        let prefix = WALReading(input.prefix(count), feeding) { .max }
        let shown = prefix.records.count
        try expect(prefix.records == Array(whole.records.prefix(shown)), "the first \(count) bytes show other records")
        if prefix.isFinal { try compare(whole, prefix, "of the first \(count) bytes") }
        guard shown < whole.records.count, !prefix.isFinal else { return }
        let next = whole.records[shown]
        let start = Int(clamping: next.start.rawValue - feeding.origin)
        let end = RecordLayout(start: start, length: Int(next.length), in: input)?.end ?? .max
        try expect(end > count, "the record at \(next.start) lies in the first \(count) bytes and is not shown")
    }

    /// Holds every record against the bytes it was read from.
    private func checkRecords(_ reading: WALReading, of input: [UInt8], _ feeding: WALFeeding) throws(Violation) {
        var before: WALRecord?
        for record in reading.records {
            let name = "the record at \(record.start)"
            try expect(record.start.rawValue >= feeding.origin, "\(name) lies before the stream")
            let start = Int(clamping: record.start.rawValue - feeding.origin)
            guard let layout = RecordLayout(start: start, length: Int(record.length), in: input) else {
                throw Violation("\(name) lies behind the stream")
            }
            let raw = layout.bytes(in: input)
            let number = { (from: Int, count: Int) in
                raw[from..<from + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            try expect(raw.count >= 24 && number(0, 4) == UInt64(record.length), "\(name) has another length")
            try expect(number(20, 4) == UInt64(RawRecord.checksum(of: raw)), "\(name) has a wrong checksum")
            let fields = (record.xid.rawValue, record.info, record.resourceManager.rawValue)
            try expect(fields == (UInt32(number(4, 4)), raw[16], raw[17]), "\(name) is told with other fields")
            try expect(record.previous.rawValue == number(8, 8), "\(name) is told with another link")
            if let before {
                try expect(record.previous == before.start, "\(name) does not follow \(before.start)")
                try expect(record.start >= before.end, "\(name) overlaps \(before.start)")
            }
            try expect(record.end.rawValue >= feeding.origin + UInt64(layout.end), "\(name) ends too early")
            before = record
        }
        guard case .end(let end, _) = reading.outcome, let before else { return }
        try expect(end.position >= before.start, "the WAL ends before the last record")
        try expect(!end.description.isEmpty, "an end without a reason")
    }
}
