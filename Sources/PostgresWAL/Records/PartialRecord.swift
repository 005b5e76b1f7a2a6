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

    /// Takes the next bytes, at most ``wanted``.
    mutating func take(_ bytes: RawSpan, format: WALFormat) {
        let isHeader = received < RecordHeader.size
        let prefixEnd = min(prefix.count, received + bytes.byteCount)
        for index in received..<max(received, prefixEnd) {
            prefix[index] = bytes.uint8(at: index - received)
        }
        let prefixHadRoom = received < prefix.count
        received += bytes.byteCount
        if isHeader {
            if received == RecordHeader.size {
                let header = RecordHeader(unsafe prefix.span.bytes, at: 0)
                self.header = header
                decoder = EventDecoder(header, format: format)
                beginDecoding(fromPrefixOf: received)
            }
            return
        }
        crc.add(bytes)
        if prefixHadRoom {
            beginDecoding(fromPrefixOf: prefixEnd)
            decoder?.take(bytes.extracting(last: received - prefixEnd))
        } else {
            decoder?.take(bytes)
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
