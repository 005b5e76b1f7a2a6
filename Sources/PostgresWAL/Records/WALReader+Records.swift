/// Records, whole ones where they lie and others piece by piece.
extension WALReader {
    /// Reads all bytes, or up to where the WAL ends or `body` asks to stop.
    mutating func read(_ bytes: RawSpan, _ body: (WALRecord) -> Step) throws(WALError) {
        var offset = 0
        while offset < bytes.byteCount, end == nil, !isStopped {
            if position == pageEnd, phase != .unused {
                try readPageHeader(bytes, &offset)
                continue
            }
            switch phase {
            case .records:
                readWholeRecords(bytes, &offset, body)
            case .partialRecord:
                readPartialRecord(bytes, &offset, body)
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
    private mutating func readWholeRecords(_ bytes: RawSpan, _ offset: inout Int, _ body: (WALRecord) -> Step) {
        guard let format else { return }
        let page = bytes.extracting(offset..<offset + min(bytes.byteCount - offset, Int(pageEnd - position)))
        let crc = partial.newChecksum
        let pagePosition = position
        var previous = lastRecord
        // What changes with every record is kept in variables: in the reader it would be stored and loaded again around
        // every call of `body`.
        var next = 0
        defer {
            offset += next
            position = pagePosition + UInt64(next)
            lastRecord = previous
        }
        while page.byteCount - next >= RecordHeader.size {
            let header = RecordHeader(page, at: next)
            let start = LSN(rawValue: pagePosition + UInt64(next))
            if let reason = header.fault(at: start, after: previous, format: format) {
                return conclude(reason, atRecord: start)
            }
            let length = Int(header.length)
            // With the zeros behind it. They never reach beyond the page, but perhaps beyond the bytes.
            let paddedLength = (length + 7) & ~7
            guard paddedLength <= page.byteCount - next else {
                partial.begin(
                    at: start,
                    header,
                    bytes: page.extracting(next..<next + RecordHeader.size),
                    format: format
                )
                next += RecordHeader.size
                phase = .partialRecord
                return
            }
            guard crc.ofRecord(in: page, at: next, length: length) == header.checksum else {
                return conclude(.wrongChecksum, atRecord: start)
            }
            let end = LSN(rawValue: start.rawValue + UInt64(paddedLength))
            guard header.mayCarryEvent else {
                next += paddedLength
                previous = start
                if body(WALRecord(header, start: start, end: end, event: nil)) == .next { continue }
                isStopped = true
                return
            }
            var event: WALEvent?
            if var decoder = EventDecoder(header, format: format) {
                // No more than of a record that comes in pieces, so that both are taken or neither.
                let prefix = next + min(length, EventDecoder.prefixSize)
                decoder.begin(page.extracting(next..<prefix))
                decoder.take(page.extracting(prefix..<next + length))
                event = decoder.finish()
                guard event != nil else { return conclude(.malformedRecord, atRecord: start) }
            }
            next += paddedLength
            previous = start
            position = end.rawValue
            show(header, start: start, end: end, event, body)
            guard !isStopped, phase == .records else { return }
        }
        if next < page.byteCount {
            partial.begin(at: LSN(rawValue: pagePosition + UInt64(next)))
            phase = .partialRecord
        }
    }

    /// Takes note that the WAL ends with the record before the one that begins here.
    private mutating func conclude(_ reason: WALEnd.Reason, atRecord start: LSN) {
        position = start.rawValue
        conclude(reason, at: start.rawValue)
    }

    /// Reads the next piece of the record of which a part was read before.
    private mutating func readPartialRecord(_ bytes: RawSpan, _ offset: inout Int, _ body: (WALRecord) -> Step) {
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
        show(header, start: partial.start, end: LSN(rawValue: (position + 7) & ~7), event, body)
    }

    /// Shows a whole record to `body`, and takes note of what it means for the bytes behind it.
    private mutating func show(
        _ header: RecordHeader,
        start: LSN,
        end: LSN,
        _ event: WALEvent?,
        _ body: (WALRecord) -> Step
    ) {
        var end = end
        if header.isSegmentSwitch {
            // The switch reaches to the end of its segment, whatever lies there.
            phase = position == segmentEnd ? .records : .unused
            end = LSN(rawValue: segmentEnd)
        }
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
