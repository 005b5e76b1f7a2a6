public import PostgresWAL

/// WAL of a server that does things at random: transactions that overlap, checkpoints that take their time, stretches
/// in which nothing ends, records that go on in the next segment.
///
/// Times of transactions ascend but for a second, and checkpoints say what the server would say.
public struct ServerSketch {
    /// The segments, each on the timeline of its last page.
    public var segments: [WALSketch.Segment] { wal.segments }
    /// The times of the transactions' ends, in the order of the WAL.
    public private(set) var ends: [TimestampTZ] = []

    /// The next transaction's full number.
    public private(set) var next: UInt64 = 1000

    private struct Pending {
        var redo: LSN
        var next: UInt64
        var oldestActive: TransactionID
        var time: TimestampTZ
    }

    private enum Mood: CaseIterable {
        case busy
        case loading
        case idle
    }

    private var wal: WALSketch
    private var random: SplitMix
    private var running: [UInt64] = []
    private var pending: Pending?
    // Behind the end of a backup that ends in segment 3.
    private var now = ArchiveSketch.time(of: 4)

    /// WAL from one segment through another, the same for the same seed.
    public init(seed: UInt64, size: WALSegmentSize, from first: UInt64, through last: UInt64) {
        random = SplitMix(seed: seed)
        wal = WALSketch(major: 15, size: size, segment: first)
        write(through: last)
    }

    /// Goes on through this segment.
    public mutating func write(through last: UInt64) {
        while current <= last {
            let mood = Mood.allCases[random.below(3)]
            for _ in 0...random.below(mood == .idle ? 40 : 10) where current <= last { segment(mood) }
        }
    }

    /// Goes on to the middle of the current segment, and there on the next timeline, without the transactions that run.
    public mutating func promote() {
        let middle = wal.size.start(of: current).rawValue + UInt64(wal.size.bytes / 2)
        while wal.position.rawValue < middle {
            // Up to the end of the page, to the byte.
            let page = WALPageHeader.pageSize
            let used = Int(wal.position.rawValue % UInt64(page) + 7) & ~7
            let header = used % page == 0 ? wal.position.rawValue % UInt64(wal.size.bytes) == 0 ? 40 : 24 : 0
            let left = page - used % page - header
            if left > 24 + 5 + 255 { wal.filler(left - 29) } else { wal.filler(200) }
        }
        wal.timeline = TimelineID(rawValue: wal.timeline.rawValue + 1)
        (running, pending) = ([], nil)
    }

    private var current: UInt64 { wal.size.segmentNumber(of: wal.position) }

    private mutating func segment(_ mood: Mood) {
        let number = current
        for _ in 0..<random.below(6) {
            tick()
            switch mood {
            case .busy: if random.below(2) == 0 { begin() } else { end() }
            case .loading:
                if running.isEmpty { begin() }
                wal.filler(50)
            case .idle:
                while !running.isEmpty { end() }
                wal.filler(50)
            }
            if random.below(4) == 0 { checkpoint() }
        }
        guard current == number else { return }
        guard random.below(6) == 0 else {
            wal.switchSegment()
            return
        }
        // Up to a record that goes on in the next segment, which may be the end of a transaction.
        let left = Int(wal.size.start(of: number + 1).rawValue - wal.position.rawValue)
        let pages = left / WALPageHeader.pageSize
        wal.filler(max(1, left - pages * 24 - 96 - random.below(40)))
        if mood == .busy { end() } else { wal.filler(200) }
    }

    private mutating func tick() {
        now = now.adding(microseconds: Int64(random.below(4_000_000)))
    }

    private mutating func begin() {
        running.append(next)
        next += UInt64(1 + random.below(2))
        wal.filler(20)
    }

    private mutating func end() {
        guard !running.isEmpty else { return }
        let xid = TransactionID(rawValue: UInt32(running.remove(at: random.below(running.count))))
        // Some take their time between the clock and their place in the WAL.
        let time = now.adding(microseconds: -Int64(random.below(3) == 0 ? random.below(1_000_000) : 0))
        ends.append(time)
        if random.below(4) == 0 { wal.abort(xid, at: time) } else { wal.commit(xid, at: time) }
    }

    /// Begins a checkpoint, or ends the one that is under way.
    private mutating func checkpoint() {
        guard let done = pending else {
            let oldest = TransactionID(rawValue: UInt32(running.min() ?? next))
            let time = now.adding(microseconds: -(now.unixMicroseconds % 1_000_000))
            pending = Pending(redo: wal.position, next: next, oldestActive: oldest, time: time)
            wal.filler(1)
            pending?.redo = wal.previous
            return
        }
        wal.checkpoint(redo: done.redo, next: done.next, oldestActive: done.oldestActive, at: done.time)
        pending = nil
    }
}
