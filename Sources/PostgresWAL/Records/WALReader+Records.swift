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
        while position < pageEnd {
            let available = min(bytes.byteCount - offset, Int(pageEnd - position))
            guard available >= RecordHeader.size else { break }
            let header = RecordHeader(bytes, at: offset)
            let start = LSN(rawValue: position)
            if let reason = header.fault(at: start, after: lastRecord, format: format) {
                conclude(reason, at: position)
                return
            }
            let length = Int(header.length)
            // With the zeros behind it. They never reach beyond the page, but perhaps beyond the bytes.
            let paddedLength = (length + 7) & ~7
            guard paddedLength <= available else { break }
            let record = bytes.extracting(offset..<offset + length)
            var crc = partial.newChecksum
            crc.add(record.extracting(RecordHeader.size...))
            crc.add(record.extracting(first: RecordHeader.checkedSize))
            guard crc.checksum == header.checksum else {
                conclude(.wrongChecksum, at: position)
                return
            }
            var event: WALEvent?
            if var decoder = EventDecoder(header, format: format) {
                decoder.begin(record)
                event = decoder.finish()
                guard event != nil else {
                    conclude(.malformedRecord, at: position)
                    return
                }
            }
            offset += paddedLength
            position += UInt64(paddedLength)
            accept(header, at: start, event, body)
            guard !isStopped, phase == .records else { return }
        }
        if position < pageEnd, offset < bytes.byteCount {
            partial.begin(at: LSN(rawValue: position))
            phase = .partialRecord
        }
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
        let event = partial.event
        guard event != nil || !partial.carriesEvent else {
            conclude(.malformedRecord, at: partial.start.rawValue)
            return
        }
        beginPadding()
        accept(header, at: partial.start, event, body)
    }

    /// Shows a whole record to `body`, and takes note of what it means for the bytes behind it.
    @inline(__always)
    private mutating func accept(
        _ header: RecordHeader,
        at start: LSN,
        _ event: WALEvent?,
        _ body: (WALRecord) -> Step
    ) {
        lastRecord = start
        var end = (position + 7) & ~7
        if header.isSegmentSwitch {
            // The switch reaches to the end of its segment, whatever lies there.
            phase = position == segmentEnd ? .records : .unused
            end = segmentEnd
        }
        let record = WALRecord(
            start: start,
            end: LSN(rawValue: end),
            length: header.length,
            xid: header.xid,
            previous: header.previous,
            resourceManager: header.resourceManager,
            info: header.info,
            event: event
        )
        if body(record) == .stop { isStopped = true }
    }
}
