import PostgresWAL

/// Calls the reader in any order, with any numbers: it has to refuse, and never to trap.
struct WALCallsTarget: FuzzTarget {
    private let inputs: WALInputs

    init(_ corpus: Corpus) throws {
        inputs = try WALInputs(corpus)
    }

    func input(_ random: inout SeededGenerator) -> [UInt8] {
        inputs.input(&random)
    }

    func check(_ input: [UInt8]) throws(Violation) {
        var random = SeededGenerator(from: input)
        let feeding = WALFeeding(input, &random)
        let edges = [feeding.origin, feeding.origin &+ 40, 0, 8, .max, .max - 7, 1 << 63]
        let start = LSN(rawValue: edges.randomElement(using: &random) ?? 0)
        var reader = WALReader(
            from: random.oneIn(2) ? .firstRecord : .record(start),
            segmentSize: feeding.segmentSize,
            ancestors: feeding.ancestors,
            systemIdentifier: random.oneIn(4) ? 1 : nil
        )
        var segment = feeding.segment
        var failure: WALError?
        for _ in 0..<random.size(upTo: 12) {
            let isFeeding = !random.oneIn(3)
            let numbers = [segment, segment &+ 1, 0, .max, .max - 1, .max / UInt64(feeding.segmentSize.bytes)]
            segment = numbers.randomElement(using: &random) ?? 0
            let from = random.below(input.count + 1)
            let piece = random.oneIn(4) ? input[...] : input[from...].prefix(random.below(20_000))
            let isStopping = random.oneIn(8)
            let error = result { () throws(WALError) in
                if isFeeding {
                    try reader.feed(piece.span) { _ in isStopping ? .stop : .next }
                } else {
                    try reader.beginSegment(segment, timeline: feeding.timeline)
                }
            }
            try expect(failure == nil || failure == error, "another answer after an error")
            try expect(error?.description.isEmpty != true, "an error without a text")
            failure = error
            _ = (reader.status, reader.finish().description, reader.lastRecord)
        }
    }

    /// What a call throws, nil where it throws nothing.
    private func result(of call: () throws(WALError) -> Void) -> WALError? {
        do throws(WALError) {
            try call()
            return nil
        } catch {
            return error
        }
    }
}
