/// Records, whole ones where they lie and others piece by piece.
extension WALReader {
    /// Reads all bytes, or up to where the WAL ends or `body` asks to stop.
    mutating func read(_ bytes: RawSpan, showing shown: Shown, _ body: (WALRecord) -> Step) throws(WALError) {
        var offset = 0
        while offset < bytes.byteCount, end == nil, !isStopped {
            if position == pageEnd, phase != .unused {
                try readPageHeader(bytes, &offset)
                continue
            }
            switch phase {
            case .records:
                readWholeRecords(bytes, &offset, shown, body)
            case .partialRecord:
                readPartialRecord(bytes, &offset, shown, body)
            case .continuation(let rest):
                let passed = pass(rest, of: bytes, &offset)
                phase = passed < rest ? .continuation(rest - passed) : .records
                if passed == rest { beginPadding() }
            case .padding(let rest):
                let passed = pass(rest, of: bytes, &offset)
                phase = passed < rest ? .padding(rest - passed) : .records
            case .seek(let record):
                let passed = pass(Int(record - position), of: bytes, &offset)
                if passed > 0, position == record { phase = .records }
            case .unused:
                let count = min(bytes.byteCount - offset, Int(segmentEnd - position))
                offset += count
                position += UInt64(count)
                if position == segmentEnd { phase = .records }
            }
        }
    }

    /// Passes over so many bytes, or as many of them as are there and lie on the page.
    private mutating func pass(_ count: Int, of bytes: RawSpan, _ offset: inout Int) -> Int {
        let passed = min(count, bytes.byteCount - offset, Int(pageEnd - position))
        offset += passed
        position += UInt64(passed)
        return passed
    }

    /// Expects zeros up to where the next record may begin.
    private mutating func beginPadding() {
        let rest = Int((8 - position % 8) % 8)
        phase = rest == 0 ? .records : .padding(rest)
    }

    /// Reads the records that lie wholly in the bytes and on the page, and begins one that does not.
    private mutating func readWholeRecords(
        _ bytes: RawSpan,
        _ offset: inout Int,
        _ shown: Shown,
        _ body: (WALRecord) -> Step
    ) {
        guard let format else { return }
        let page = bytes.extracting(offset..<offset + min(bytes.byteCount - offset, Int(pageEnd - position)))
        let records = page.extracting(first: partial.newChecksum.rightRecords(in: page))
        let pagePosition = position
        var previous = lastRecord
        // What changes with every record is kept in variables: in the reader it would be stored and loaded again around
        // every call of `body`.
        var next = 0
        var count = 0
        defer {
            recordCount += count
            offset += next
            position = pagePosition + UInt64(next)
            lastRecord = previous
        }
        while records.byteCount - next >= RecordHeader.size {
            let header = RecordHeader(records, at: next)
            let start = LSN(rawValue: pagePosition + UInt64(next))
            // The length was looked at along with the checksum.
            if let reason = header.faultBesideLength(at: start, after: previous, format: format) {
                return conclude(reason, atRecord: start)
            }
            let end = LSN(rawValue: start.rawValue + UInt64(header.paddedLength))
            guard header.mayCarryEvent else {
                next += header.paddedLength
                previous = start
                count += 1
                if shown == .events { continue }
                if body(WALRecord(header, start: start, end: end, event: nil)) == .next { continue }
                isStopped = true
                return
            }
            var event = EventDecoder.plainEnd(header, in: records, at: next)
            if event == nil, var decoder = EventDecoder(header, format: format) {
                // No more than of a record that comes in pieces, so that both are taken or neither.
                let length = Int(header.length)
                let prefix = next + min(length, EventDecoder.prefixSize)
                decoder.begin(records.extracting(next..<prefix))
                decoder.take(records.extracting(prefix..<next + length))
                event = decoder.finish()
                guard event != nil else { return conclude(.malformedRecord, atRecord: start) }
            }
            next += header.paddedLength
            previous = start
            count += 1
            position = end.rawValue
            show(header, start: start, end: end, event, shown, body)
            guard !isStopped, phase == .records else { return }
        }
        let start = LSN(rawValue: pagePosition + UInt64(next))
        if page.byteCount - next >= RecordHeader.size {
            let header = RecordHeader(page, at: next)
            if let reason = header.fault(at: start, after: previous, format: format) {
                return conclude(reason, atRecord: start)
            }
            guard header.paddedLength > page.byteCount - next else {
                return conclude(.wrongChecksum, atRecord: start)
            }
            let bytes = page.extracting(next..<next + RecordHeader.size)
            partial.begin(at: start, header, bytes: bytes, format: format)
            next += RecordHeader.size
            phase = .partialRecord
        } else if next < page.byteCount {
            partial.begin(at: start)
            phase = .partialRecord
        }
    }

    /// Takes note that the WAL ends with the record before the one that begins here.
    private mutating func conclude(_ reason: WALEnd.Reason, atRecord start: LSN) {
        position = start.rawValue
        conclude(reason, at: start.rawValue)
    }

    /// Reads the next piece of the record of which a part was read before.
    private mutating func readPartialRecord(
        _ bytes: RawSpan,
        _ offset: inout Int,
        _ shown: Shown,
        _ body: (WALRecord) -> Step
    ) {
        guard let format else { return }
        let count = min(partial.wanted, bytes.byteCount - offset, Int(pageEnd - position))
        let hadHeader = partial.header != nil
        partial.take(bytes.extracting(offset..<offset + count), format: format)
        offset += count
        position += UInt64(count)

        if let header = partial.header {
            if !hadHeader, let reason = header.fault(at: partial.start, after: lastRecord, format: format) {
                conclude(reason, at: partial.start.rawValue)
                return
            }
        } else if let length = partial.length, let reason = RecordHeader.fault(inLength: UInt32(length)) {
            // Known before the rest of the header, which may lie on a page that was never written.
            conclude(reason, at: partial.start.rawValue)
            return
        }
        guard partial.isWhole, let header = partial.header else { return }
        guard partial.checksumIsRight else {
            conclude(.wrongChecksum, at: partial.start.rawValue)
            return
        }
        var event: WALEvent?
        if partial.carriesEvent {
            event = partial.event
            guard event != nil else {
                conclude(.malformedRecord, at: partial.start.rawValue)
                return
            }
        }
        beginPadding()
        lastRecord = partial.start
        recordCount += 1
        show(header, start: partial.start, end: LSN(rawValue: (position + 7) & ~7), event, shown, body)
    }

    /// Shows a whole record to `body`, and takes note of what it means for the bytes behind it.
    private mutating func show(
        _ header: RecordHeader,
        start: LSN,
        end: LSN,
        _ event: WALEvent?,
        _ shown: Shown,
        _ body: (WALRecord) -> Step
    ) {
        var end = end
        if header.isSegmentSwitch {
            // The switch reaches to the end of its segment, whatever lies there.
            phase = position == segmentEnd ? .records : .unused
            end = LSN(rawValue: segmentEnd)
        }
        if shown == .events, event == nil { return }
        if body(WALRecord(header, start: start, end: end, event: event)) == .stop { isStopped = true }
    }
}

extension WALRecord {
    /// The record of this header.
    @inline(__always)
    fileprivate init(_ header: RecordHeader, start: LSN, end: LSN, event: WALEvent?) {
        self.init(
            start: start,
            end: end,
            length: header.length,
            xid: header.xid,
            previous: header.previous,
            resourceManager: header.resourceManager,
            info: header.info,
            event: event
        )
    }
}
