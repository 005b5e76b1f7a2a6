extension TimelineHistory {
    /// Reads a history file as PostgreSQL's `readTimeLineHistory` does.
    ///
    /// Blank lines and lines that begin with `#` are passed over. The two numbers are separated by white space;
    /// what follows them is the reason. Beyond PostgreSQL, a file without an ancestor is an error here: recovery
    /// to it would have no way to any backup of an older timeline.
    public init(parsing bytes: [UInt8], of timeline: TimelineID) throws(TimelineHistoryError) {
        self.timeline = timeline
        self.entries = []
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let line = line.drop(while: \.isBlank)
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let entry = try Self.entry(of: line, number: index + 1)
            try check(entry, line: index + 1)
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw TimelineHistoryError(kind: .empty, line: 0) }
    }

    private static func entry(of line: ArraySlice<UInt8>, number: Int) throws(TimelineHistoryError) -> Entry {
        let parts = line.split(maxSplits: 2, whereSeparator: \.isBlank)
        guard parts.count >= 2,
            let timeline = UInt32(String(decoding: parts[0], as: UTF8.self)),
            let switchPoint = LSN(String(decoding: parts[1], as: UTF8.self))
        else { throw TimelineHistoryError(kind: .syntax, line: number) }
        let reason = parts.count > 2 ? String(decoding: parts[2].trimmed, as: UTF8.self) : ""
        return Entry(timeline: TimelineID(rawValue: timeline), switchPoint: switchPoint, reason: reason)
    }

    private func check(_ entry: Entry, line: Int) throws(TimelineHistoryError) {
        if let last = entries.last {
            guard entry.timeline > last.timeline else { throw TimelineHistoryError(kind: .notAscending, line: line) }
            guard entry.switchPoint >= last.switchPoint else {
                throw TimelineHistoryError(kind: .switchPointGoesBack, line: line)
            }
        }
        guard entry.timeline.rawValue > 0 else { throw TimelineHistoryError(kind: .syntax, line: line) }
        guard entry.timeline < timeline else { throw TimelineHistoryError(kind: .notLower, line: line) }
    }
}

extension UInt8 {
    /// Blank, tab, carriage return, vertical tab or form feed.
    fileprivate var isBlank: Bool {
        self == UInt8(ascii: " ") || (0x09...0x0D).contains(self)
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without white space around them.
    fileprivate var trimmed: ArraySlice<UInt8> {
        let head = drop(while: \.isBlank)
        guard let end = head.lastIndex(where: { !$0.isBlank }) else { return [] }
        return head[...end]
    }
}
