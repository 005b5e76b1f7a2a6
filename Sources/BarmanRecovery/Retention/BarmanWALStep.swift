internal import BarmanCatalog
internal import PostgresWAL

/// Which WAL Barman deletes together with one backup (`_remove_wals_for_backup`).
struct BarmanWALStep: Sendable {
    /// Why it ends with an error.
    struct Failure: Error {
        var stop: BarmanStop
    }

    /// WAL from here on stays.
    private let until: WALSegmentName

    /// Timelines of which everything stays.
    private let protected: Set<TimelineID>

    /// What backups that are kept standalone need, from the first to the last segment.
    private let ranges: [ClosedRange<WALSegmentName>]

    /// What goes with the backup at `index` of those that are left, by id; nil where an older one needs it.
    ///
    /// `timelines` are those of all that are left.
    init?(
        deleting index: Int,
        of left: [BaseBackup],
        timelines: some Sequence<TimelineID>,
        wal: WALInventory
    ) throws(Failure) {
        var older: [BaseBackup] = []
        for other in left[..<index].reversed() where other.isUsable {
            guard other.keep == .standalone else { return nil }
            older.append(other)
        }
        let last = left[(index + 1)...].first(where: \.isUsable) ?? left[index]
        // The backup itself is among them: Barman compares it with a second copy of it, and finds it different.
        var protected = Set(timelines)
        if let timeline = last.details?.timeline { protected.remove(timeline) }
        // It looks at where a backup begins only if there is WAL that could go.
        let isAsked = wal.lastNumbers.keys.contains { !protected.contains($0) }
        var ranges: [ClosedRange<WALSegmentName>] = []
        for standalone in older {
            guard let begin = standalone.details?.beginWAL, let end = standalone.details?.endWAL else {
                guard isAsked else { return nil }
                throw Failure(stop: .noBeginWAL(standalone.id))
            }
            if begin <= end { ranges.append(begin...end) }
        }
        guard let until = last.details?.beginWAL else {
            guard isAsked else { return nil }
            throw Failure(stop: .noBeginWAL(last.id))
        }
        self.until = until
        self.protected = protected
        self.ranges = ranges
    }

    /// Whether everything in a directory goes, whatever it is.
    func deletesAll(in directory: ArchiveEntry.Directory) -> Bool {
        guard directory.timeline == until.timeline, directory.log < until.log,
            !protected.contains(directory.timeline)
        else { return false }
        // It compares timelines and logs one by one, so that a range over two timelines does not protect all it has.
        return !ranges.contains { range in
            range.covers(directory.timeline)
                && range.lowerBound.log <= directory.log && directory.log <= range.upperBound.log
        }
    }

    /// Whether a file goes by its name.
    func deletes(_ entry: ArchiveEntry) -> Bool {
        guard case .wal(let file, let isInPlace) = entry.subject else { return false }
        let name: WALSegmentName
        var isPartial = false
        switch file.kind {
        case .segment(let segment), .backupHistory(let segment, _): name = segment
        case .partial(let segment): (name, isPartial) = (segment, true)
        case .timelineHistory: return false
        }
        guard !protected.contains(name.timeline) else { return false }
        // Barman compares text, in which digits of lower case come behind those of upper case.
        guard isInPlace || file.isUpperCase else { return deletes(spelled: entry.name, isPartial: isPartial) }
        // `X.partial` comes behind `X`, so that no range protects the one of its last segment.
        let isProtected = ranges.contains { $0.contains(name) && !(isPartial && $0.upperBound == name) }
        return !isProtected && name < until
    }

    private func deletes(spelled name: [UInt8], isPartial: Bool) -> Bool {
        let compared = isPartial ? name : Array(name.prefix(24))
        let isProtected = ranges.contains { range in
            !compared.lexicographicallyPrecedes(range.lowerBound.description.utf8)
                && !Array(range.upperBound.description.utf8).lexicographicallyPrecedes(compared)
        }
        return !isProtected && name.lexicographicallyPrecedes(until.description.utf8)
    }

    /// Adds the segments that go with their whole directories.
    func insertWhole(of wal: WALInventory, into gone: inout SegmentSet) {
        guard !protected.contains(until.timeline), until.log > 0,
            let last = wal.lastNumbers[until.timeline]
        else { return }
        let perLog = UInt64(wal.segmentSize.segmentsPerLog)
        var kept = SegmentSet()
        for range in ranges where range.covers(until.timeline) && range.lowerBound.log <= range.upperBound.log {
            let behind = (UInt64(range.upperBound.log) + 1) * perLog
            kept.insert(until.timeline, UInt64(range.lowerBound.log) * perLog...behind - 1)
        }
        for range in kept.missing(from: 0...min(last, UInt64(until.log) * perLog - 1), of: until.timeline) {
            gone.insert(until.timeline, range)
        }
    }

    /// Adds the segments whose objects go by their names.
    func insertNamed(of wal: WALInventory, into gone: inout SegmentSet) {
        let size = wal.segmentSize
        for (timeline, last) in wal.lastNumbers where timeline <= until.timeline && !protected.contains(timeline) {
            var kept = SegmentSet()
            // Numbers of one timeline between two names, of whatever timelines these are.
            for range in ranges where range.covers(timeline) {
                let lower = range.lowerBound.timeline < timeline ? 0 : range.lowerBound.number(size: size) ?? 0
                let upper = range.upperBound.timeline > timeline ? UInt64.max : range.upperBound.number(size: size) ?? 0
                if lower <= upper { kept.insert(timeline, lower...upper) }
            }
            var end = last
            if timeline == until.timeline {
                guard let first = until.number(size: size), first > 0 else { continue }
                end = min(last, first - 1)
            }
            for range in kept.missing(from: 0...end, of: timeline) { gone.insert(timeline, range) }
        }
    }
}

extension ClosedRange<WALSegmentName> {
    /// Whether a timeline lies between those of the ends.
    fileprivate func covers(_ timeline: TimelineID) -> Bool {
        lowerBound.timeline <= timeline && timeline <= upperBound.timeline
    }
}

extension BaseBackup {
    /// Whether Barman takes it for one whose copy is done.
    fileprivate var isUsable: Bool { details?.status == .done || details?.status == .waitingForWALs }
}
