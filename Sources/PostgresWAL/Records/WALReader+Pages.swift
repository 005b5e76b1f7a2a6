/// Pages and their headers.
extension WALReader {
    /// Begins the first segment with what has to be passed over.
    mutating func beginFirstSegment(at segmentStart: UInt64) throws(WALError) {
        switch start {
        case .firstRecord: phase = .continuation(0)
        case .record(let record):
            let offset = record.rawValue % UInt64(WALPageHeader.pageSize)
            guard record.rawValue % 8 == 0, offset == 0 || offset >= UInt64(WALPageHeader.shortSize),
                segmentSize.start(of: segmentSize.segmentNumber(of: record)).rawValue == segmentStart
            else { throw fail(.startOutOfPlace, at: record.rawValue) }
            phase = .seek(record.rawValue)
        }
    }

    /// Reads the header of the page that begins at the position, as soon as all of it is there.
    mutating func readPageHeader(_ bytes: RawSpan, _ offset: inout Int) throws(WALError) {
        let available = bytes.byteCount - offset
        if headerBytes.isEmpty, available >= WALPageHeader.longSize {
            try enterPage(WALPageHeader(bytes, at: offset), headerOffset: &offset)
            return
        }
        // In pieces: first what every header has, then the rest of a long one.
        let count = min(gatheredHeaderSize - headerBytes.count, available)
        for index in offset..<offset + count { headerBytes.append(bytes.uint8(at: index)) }
        offset += count
        guard headerBytes.count == gatheredHeaderSize else { return }
        let header = WALPageHeader(unsafe headerBytes.span.bytes, at: 0)
        headerBytes.removeAll(keepingCapacity: true)
        // It was already consumed.
        var ignored = 0
        try enterPage(header, headerOffset: &ignored)
    }

    /// The size of the header of which a part was gathered, as far as that part tells.
    private var gatheredHeaderSize: Int {
        let isLong =
            headerBytes.count >= WALPageHeader.shortSize
            && WALPageHeader.isLong(unsafe headerBytes.span.bytes, at: 0)
        return isLong ? WALPageHeader.longSize : WALPageHeader.shortSize
    }

    /// Checks a page header, and decides what the bytes behind it are.
    private mutating func enterPage(_ header: WALPageHeader, headerOffset: inout Int) throws(WALError) {
        let page = position
        if format == nil { try recogniseFormat(header) }
        if let reason = fault(in: header) {
            conclude(reason, at: page)
            return
        }
        pageTimeline = header.timeline
        if let segment = header.segment { systemIdentifier = segment.systemIdentifier }
        if let reason = resume(behind: header) {
            conclude(reason, at: page)
            return
        }
        headerOffset += header.size
        position = page + UInt64(header.size)
        pageEnd = page + UInt64(WALPageHeader.pageSize)
        if case .seek(let record) = phase { seek(record, page: page) }
    }

    /// Takes the format from the first page.
    private mutating func recogniseFormat(_ header: WALPageHeader) throws(WALError) {
        format = WALFormat(pageMagic: header.magic)
        let swapped = header.magic.byteSwapped
        if format != nil {
            // Pages of another size would look damaged, one as the other.
            if let size = header.segment?.pageSize, size != WALPageHeader.pageSize, (1024...65536).contains(size),
                size.nonzeroBitCount == 1
            {
                throw fail(.unsupportedPageSize(size), at: position)
            }
        } else if WALFormat.unsupportedRelease(pageMagic: header.magic) != nil, header.address.rawValue == position {
            throw fail(.unsupportedRelease(pageMagic: header.magic), at: position)
        } else if WALFormat(pageMagic: swapped) != nil, header.address.rawValue.byteSwapped == position {
            throw fail(.foreignByteOrder, at: position)
        }
    }

    /// What is wrong with a page header, in the order in which PostgreSQL looks.
    private func fault(in header: WALPageHeader) -> WALEnd.Reason? {
        guard let format, header.magic == format.pageMagic else {
            return header.isEmpty ? .emptyPage : .wrongPageMagic(header.magic)
        }
        guard header.hasKnownFlags else { return .wrongPageFlags(header.flags) }
        if let segment = header.segment {
            if let systemIdentifier, segment.systemIdentifier != systemIdentifier {
                return .wrongSystemIdentifier(segment.systemIdentifier)
            }
            if segment.segmentSize != segmentSize.bytes { return .wrongSegmentSize(segment.segmentSize) }
            if segment.pageSize != WALPageHeader.pageSize { return .wrongPageSize(segment.pageSize) }
        } else if position % UInt64(segmentSize.bytes) == 0 {
            return .wrongPageFlags(header.flags)
        }
        if header.address.rawValue != position {
            return header.address.rawValue < position
                ? .recycledPage(address: header.address) : .wrongPageAddress(header.address)
        }
        if let pageTimeline, header.timeline < pageTimeline {
            return .timelineGoesBack(header.timeline, after: pageTimeline)
        }
        return accepts(header.timeline) ? nil : .wrongTimeline(header.timeline)
    }

    /// Whether a page of the segment may be of this timeline.
    private func accepts(_ pageTimeline: TimelineID) -> Bool {
        guard let timeline else { return false }
        return pageTimeline == timeline || (pageTimeline < timeline && ancestors.contains(pageTimeline))
    }

    /// Holds what came before the page against what its header says of the rest of a record.
    private mutating func resume(behind header: WALPageHeader) -> WALEnd.Reason? {
        switch phase {
        case .records:
            return header.beginsWithContinuation ? .unexpectedContinuation : nil
        case .partialRecord where header.overwritesContinuation:
            // A crash left the record unfinished, and the server went on with another one in its place.
            phase = .records
            return header.beginsWithContinuation ? .unexpectedContinuation : nil
        case .partialRecord:
            guard header.beginsWithContinuation else { return .missingContinuation }
            let rest = (partial.length ?? 0) - partial.received
            return header.remainingLength == rest && rest > 0
                ? nil : .wrongContinuationLength(header.remainingLength)
        case .continuation:
            let rest = header.beginsWithContinuation ? Int(header.remainingLength) : 0
            phase = rest == 0 ? .records : .continuation(rest)
            return nil
        case .seek(let record):
            // The record begins right behind the header, where the page says that the rest of another one lies.
            let first = record == position || record == position + UInt64(header.size)
            return first && header.beginsWithContinuation ? .unexpectedContinuation : nil
        case .unused, .padding:
            return nil
        }
    }

    /// Goes to the record to start from, by way of its page.
    private mutating func seek(_ record: UInt64, page: UInt64) {
        let recordPage = record - record % UInt64(WALPageHeader.pageSize)
        if recordPage > page {
            pageEnd = recordPage
        } else if record == page || record == position {
            phase = .records
        } else if record < position {
            conclude(.startInsidePageHeader, at: record)
        }
    }
}
