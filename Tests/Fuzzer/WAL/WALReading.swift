import PostgresWAL

/// How a stream of bytes is given to a reader: everything that is not the bytes themselves.
struct WALFeeding {
    var start: WALReader.Start = .firstRecord
    var segmentSize: WALSegmentSize
    /// The number of the segment that the first byte belongs to.
    var segment: UInt64
    var timeline: TimelineID
    var ancestors: [TimelineID]
    var usesInstruction = CRC32C.hasInstruction

    /// What a stream says of itself in its first page, which need not be true.
    init(_ stream: [UInt8], _ random: inout SeededGenerator) {
        let header = WALPageHeader(stream.span)
        let said = header?.segment.flatMap { WALSegmentSize(bytes: Int($0.segmentSize)) }
        segmentSize = said ?? WALSegmentSize.allSizes[0]
        segment = segmentSize.segmentNumber(of: header?.address ?? LSN(rawValue: 0))
        let page = header?.timeline ?? 1
        timeline = random.oneIn(3) ? page : page.next ?? page
        ancestors = random.oneIn(8) ? [] : [page, 1]
    }

    /// The position of the first byte.
    var origin: UInt64 { segmentSize.start(of: segment).rawValue }
}

/// What came of reading a stream.
struct WALReading {
    enum Outcome: Equatable {
        case end(WALEnd, WALReader.Status)
        case error(WALError)
    }

    var records: [WALRecord] = []
    var outcome: Outcome

    /// Whether nothing that follows can change it.
    var isFinal: Bool {
        switch outcome {
        case .end(_, .ended), .end(_, .stopped), .error: true
        case .end: false
        }
    }

    /// Reads the stream in pieces of the sizes that `size` tells, and stops behind so many records.
    init(_ stream: ArraySlice<UInt8>, _ feeding: WALFeeding, stopBehind: Int = .max, size: () -> Int) {
        var reader = WALReader(
            from: feeding.start,
            segmentSize: feeding.segmentSize,
            ancestors: feeding.ancestors,
            systemIdentifier: nil,
            crc: CRC32C(usesInstruction: feeding.usesInstruction)
        )
        var records: [WALRecord] = []
        var rest = stream.span
        var segment = feeding.segment
        do throws(WALError) {
            repeat {
                try reader.beginSegment(segment, timeline: feeding.timeline)
                segment &+= 1
                var left = min(rest.count, feeding.segmentSize.bytes)
                repeat {
                    let count = min(max(1, size()), left)
                    try reader.feed(rest.extracting(first: count)) { record in
                        records.append(record)
                        return records.count > stopBehind ? .stop : .next
                    }
                    rest = rest.extracting(droppingFirst: count)
                    left -= count
                } while left > 0
            } while !rest.isEmpty
            outcome = .end(reader.finish(), reader.status)
        } catch {
            outcome = .error(error)
        }
        self.records = records
    }
}
