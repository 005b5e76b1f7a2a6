import Decompression

/// All targets by name, and how much of the time each gets.
enum FuzzTargets {
    /// One row of the table.
    struct Entry: Sendable {
        var name: String
        /// Its part of the time, in relation to those of the others.
        var weight: Int
        /// Reads the corpus.
        var make: @Sendable () throws -> any FuzzTarget
    }

    /// The reader of WAL gets half of the time: it is the largest parser and all our own.
    static let all: [Entry] =
        [
            Entry(name: "wal", weight: 22) { try WALTarget(Corpus()) },
            Entry(name: "wal-calls", weight: 1) { try WALCallsTarget(Corpus()) },
            Entry(name: "wal-names", weight: 1) { try WALNamesTarget(Corpus()) },
            Entry(name: "history", weight: 2) { try HistoryTarget(Corpus()) },
            Entry(name: "backup-info", weight: 3) { try BackupInfoTarget(Corpus()) },
            Entry(name: "listing", weight: 3) { try ListingTarget(Corpus()) },
            Entry(name: "deletion", weight: 1) { DeletionTarget() },
        ]
        + CompressionFormat.allCases.map { format in
            let name = format == .none ? "stored" : format.rawValue
            // Snappy's framing is read by code of our own, the others by libraries.
            return Entry(name: name, weight: format == .snappy ? 3 : format == .none ? 1 : 2) {
                try DecompressionTarget(format, Corpus())
            }
        }
}
