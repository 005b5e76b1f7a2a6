/// A record of which not all bytes have arrived: its length, its checksum so far, and its first bytes.
///
/// Nothing is assembled: a record of a gigabyte takes no more memory than one of 300 bytes.
struct PartialRecord {
    private(set) var start = LSN(rawValue: 0)
    private(set) var received = 0
    private(set) var header: RecordHeader?

    private var prefix = [UInt8](repeating: 0, count: EventDecoder.prefixSize)
    private var crc: CRC32C
    private var decoder: EventDecoder?

    /// No record, with the checksum of no bytes.
    init(crc: CRC32C) {
        self.crc = crc
    }

    /// The length that the header tells, nil before its first four bytes are there.
    var length: Int? {
        received >= 4 ? Int(unsafe prefix.span.bytes.uint32(at: 0)) : nil
    }

    /// How many bytes are wanted next: the rest of the length, of the header, or of the record.
    var wanted: Int {
        if received < 4 { return 4 - received }
        if received < RecordHeader.size { return RecordHeader.size - received }
        return (length ?? received) - received
    }

    /// Whether all bytes are there.
    var isWhole: Bool { received >= RecordHeader.size && received == length }

    /// The checksum of no bytes.
    var newChecksum: CRC32C { CRC32C(usesInstruction: crc.usesInstruction) }

    /// Forgets everything before, and begins a record.
    mutating func begin(at start: LSN) {
        self.start = start
        received = 0
        header = nil
        decoder = nil
        crc = newChecksum
    }

    /// Forgets everything before, and begins a record with its whole header.
    mutating func begin(at start: LSN, _ header: RecordHeader, bytes: RawSpan, format: WALFormat) {
        begin(at: start)
        keep(bytes, at: 0)
        received = bytes.byteCount
        take(header, format: format)
    }

    /// Takes the next bytes, at most ``wanted``.
    mutating func take(_ bytes: RawSpan, format: WALFormat) {
        guard received >= RecordHeader.size else {
            keep(bytes, at: received)
            received += bytes.byteCount
            guard received == RecordHeader.size else { return }
            take(RecordHeader(unsafe prefix.span.bytes, at: 0), format: format)
            return
        }
        crc.add(bytes)
        let before = received
        received += bytes.byteCount
        guard decoder != nil else { return }
        if before < prefix.count {
            let kept = min(prefix.count - before, bytes.byteCount)
            keep(bytes.extracting(first: kept), at: before)
            beginDecoding(fromPrefixOf: before + kept)
            decoder?.take(bytes.extracting(droppingFirst: kept))
        } else {
            decoder?.take(bytes)
        }
    }

    /// Takes the header, whose bytes have been received.
    private mutating func take(_ header: RecordHeader, format: WALFormat) {
        self.header = header
        guard header.mayCarryEvent else { return }
        decoder = EventDecoder(header, format: format)
        beginDecoding(fromPrefixOf: received)
    }

    /// Keeps some of the first bytes, which lie at this offset.
    private mutating func keep(_ bytes: RawSpan, at offset: Int) {
        for index in 0..<bytes.byteCount {
            prefix[offset + index] = bytes.uint8(at: index)
        }
    }

    /// Shows the decoder the first bytes as soon as there are enough of them.
    private mutating func beginDecoding(fromPrefixOf count: Int) {
        guard var decoder, let length, count == min(length, prefix.count) else { return }
        decoder.begin(unsafe prefix.span.bytes.extracting(first: count))
        self.decoder = decoder
    }

    /// Whether the checksum of all bytes is the one that the header tells.
    var checksumIsRight: Bool {
        var crc = crc
        crc.add(unsafe prefix.span.bytes.extracting(first: RecordHeader.checkedSize))
        return crc.checksum == header?.checksum
    }

    /// Whether it is of a kind that carries an event.
    var carriesEvent: Bool { decoder != nil }

    /// The event that it carries, nil where it carries none or makes no sense.
    var event: WALEvent? { decoder?.finish() }
}
