import PostgresWAL

/// The parser of timeline histories: what it took reads the same again, and goes upwards.
struct HistoryTarget: FuzzTarget {
    private let mutator: Mutator

    init(_ corpus: Corpus) throws {
        let samples =
            try corpus.files(in: "postgres") { $0.hasSuffix(".history") }
            + corpus.files(in: "buckets") { $0.hasSuffix(".history") }
        let words = ["\n", "\t", "#", "/", "1\t0/0", "4294967295\tFFFFFFFF/FFFFFFFF\tx\n", "0\t0/1", "\u{0}", "\u{C}"]
        mutator = Mutator(
            corpus: samples,
            words: words.map { Array($0.utf8) },
            sizeLimit: 16_384,
            blockSize: 32,
            boundary: 0x0A
        )
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        mutator.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        var random = SeededGenerator(from: input)
        let timeline = TimelineID(rawValue: random.oneIn(2) ? 5 : UInt32.random(in: 0 ... .max, using: &random))
        guard let history = parse(input, timeline) else { return }
        try expect(!history.entries.isEmpty, "a history without an ancestor")
        for (entry, next) in zip(history.entries, history.entries.dropFirst()) {
            try expect(entry.timeline < next.timeline, "timelines do not ascend")
            try expect(entry.switchPoint <= next.switchPoint, "switch points go back")
        }
        try expect(history.entries.allSatisfy { $0.timeline < timeline }, "an ancestor that is not lower")
        let text = history.entries.map { "\($0.timeline)\t\($0.switchPoint)\t\($0.reason)\n" }.joined()
        let again = parse(Array(text.utf8), timeline)
        try expect(
            again == history,
            "reads differently when written again: \(history) and \(String(describing: again))"
        )
    }

    private func parse(_ bytes: [UInt8], _ timeline: TimelineID) -> TimelineHistory? {
        do throws(TimelineHistoryError) {
            return try TimelineHistory(parsing: bytes, of: timeline)
        } catch {
            return nil
        }
    }
}
