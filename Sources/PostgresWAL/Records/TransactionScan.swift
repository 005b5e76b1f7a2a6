/// Reads the main data of a commit or an abort as it arrives, and keeps only what decides.
///
/// The number of a prepared transaction lies behind lists that may be megabytes long (subtransactions, dropped
/// files, cache invalidations), so they are skipped and never held.
struct TransactionScan {
    private(set) var time = TimestampTZ(rawValue: 0)
    private(set) var subtransactionCount = 0
    private(set) var preparedXID: TransactionID?

    /// Whether everything was there that the record's flags announced.
    var isComplete: Bool { field == nil }

    private let hasFlags: Bool
    private let isCommit: Bool
    private let format: WALFormat

    /// What is read next, nil when nothing more is wanted.
    private var field: Field? = .time
    /// The bytes to pass over before it.
    private var skip = 0
    private var flags: Flags = []
    private var number: UInt64 = 0
    private var numberBytes = 0

    private enum Field {
        case time, flags, subtransactions, files, statistics, invalidations, preparedXID

        var size: Int { self == .time ? 8 : 4 }
    }

    /// Which parts follow (`XACT_XINFO_HAS_*`).
    private struct Flags: OptionSet {
        var rawValue: UInt32
        static let database = Flags(rawValue: 1 << 0)
        static let subtransactions = Flags(rawValue: 1 << 1)
        static let files = Flags(rawValue: 1 << 2)
        static let invalidations = Flags(rawValue: 1 << 3)
        static let prepared = Flags(rawValue: 1 << 4)
        static let droppedStatistics = Flags(rawValue: 1 << 8)
    }

    /// A scan of the main data of a record with these flags in its `info`.
    init(isCommit: Bool, info: UInt8, format: WALFormat) {
        // 0x80: XLOG_XACT_HAS_INFO.
        self.hasFlags = info & 0x80 != 0
        self.isCommit = isCommit
        self.format = format
    }

    /// Takes the next bytes of the main data.
    mutating func take(_ bytes: RawSpan) {
        var offset = 0
        while let field, offset < bytes.byteCount {
            let skipped = min(skip, bytes.byteCount - offset)
            skip -= skipped
            offset += skipped
            if numberBytes == 0, bytes.byteCount - offset >= 8, skip == 0 {
                // Nearly always: it lies in one piece.
                let value = bytes.uint64(at: offset)
                offset += field.size
                settle(field, field.size == 8 ? value : value & 0xFFFF_FFFF)
                continue
            }
            while offset < bytes.byteCount, numberBytes < field.size, skip == 0 {
                number |= UInt64(bytes.uint8(at: offset)) << UInt64(8 * numberBytes)
                numberBytes += 1
                offset += 1
            }
            if numberBytes == field.size {
                let value = number
                number = 0
                numberBytes = 0
                settle(field, value)
            }
        }
    }

    /// Takes note of a field's value, and says what comes next.
    private mutating func settle(_ field: Field, _ value: UInt64) {
        // Counts are signed in PostgreSQL and never negative; as unsigned ones they just do not fit the record.
        let count = Int(value & 0xFFFF_FFFF)
        switch field {
        case .time:
            time = TimestampTZ(rawValue: Int64(bitPattern: value))
        case .flags:
            flags = Flags(rawValue: UInt32(count))
            skip = flags.contains(.database) ? 8 : 0
        case .subtransactions:
            subtransactionCount = count
            skip = count * 4
        case .files: skip = count * 12
        case .statistics: skip = count * format.droppedStatisticsSize
        case .invalidations: skip = count * 16
        case .preparedXID: preparedXID = TransactionID(rawValue: UInt32(count))
        }
        self.field = next(after: field)
    }

    /// The next part that is there, in the order of PostgreSQL's `ParseCommitRecord`.
    private func next(after field: Field) -> Field? {
        switch field {
        case .time:
            return hasFlags ? .flags : nil
        case .flags:
            if flags.contains(.subtransactions) { return .subtransactions }
            fallthrough
        case .subtransactions:
            if flags.contains(.files) { return .files }
            fallthrough
        case .files:
            if flags.contains(.droppedStatistics) { return .statistics }
            fallthrough
        case .statistics:
            if flags.contains(.invalidations) && isCommit { return .invalidations }
            fallthrough
        case .invalidations:
            if flags.contains(.prepared) { return .preparedXID }
            fallthrough
        case .preparedXID:
            return nil
        }
    }
}
