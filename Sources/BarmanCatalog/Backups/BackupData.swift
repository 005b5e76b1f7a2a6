/// Whether the tars of a backup are there, as far as a listing can tell.
public struct BackupData: Hashable, Sendable {
    /// Tars that the backup needs and the listing does not have.
    public var missing: [BackupTar] = []

    /// Tars of zero bytes.
    public var empty: [BackupTar] = []

    /// Last parts behind which another may be missing: nothing in a bucket says how many parts there were.
    ///
    /// Barman begins a new part when the one before has grown beyond `--max-archive-size`, one limit for all series of
    /// a backup. So a part with a successor, of any series, shows how large a full one is, and a series that ends in
    /// a part of such a size may have gone on, even if that is its only part. Parts are cut before they are
    /// compressed, so full ones differ in size: half of the smallest counts as full. Without a split series nothing
    /// shows the limit, and a single tar is taken for whole.
    public var uncertain: [BackupTar] = []

    /// Whether the data are volume snapshots, which lie outside the bucket.
    public var isElsewhere = false

    /// Whether nobody says what tablespaces the backup has, whose tars may be missing.
    public var areTablespacesUnknown = false

    /// How many objects a restore would take for parts of a tar, and may fail on.
    public var strayParts = 0

    /// Whether nothing is missing or empty; nil where a listing cannot tell.
    public var isComplete: Bool? {
        guard missing.isEmpty, empty.isEmpty else { return false }
        return uncertain.isEmpty && !isElsewhere && strayParts == 0 && !areTablespacesUnknown ? true : nil
    }

    init(of backup: BaseBackup) {
        isElsewhere = backup.details?.isSnapshot == true
        strayParts = backup.strayParts
        areTablespacesUnknown = backup.details?.statesTablespaces == false
        guard !isElsewhere else { return }
        let owners: [UInt32?] = [nil] + (backup.details?.tablespaces.map(\.oid) ?? [])
        let series = owners.map { owner in Series(owner, backup.tars.filter { $0.key.tablespace == owner }) }
        // An empty part shows nothing but its own loss.
        let full = series.flatMap(\.continued).filter { $0 > 0 }.min()
        for series in series {
            missing += series.missing
            empty += series.parts.filter { $0.value == 0 }.map(\.key).sorted { $0.part < $1.part }
            // Half, rounded up.
            if let full, let size = series.parts[series.end], size >= full - full / 2 { uncertain.append(series.end) }
        }
    }

    /// The tars of `PGDATA` or of one tablespace.
    private struct Series {
        let parts: [BackupTar: Int64]
        /// The last part that is known of, or the first where there is none.
        let end: BackupTar

        init(_ owner: UInt32?, _ parts: [BackupTar: Int64]) {
            self.parts = parts
            self.end = BackupTar(tablespace: owner, part: parts.keys.map(\.part).max() ?? 0)
        }

        /// The sizes of the parts that had a successor.
        var continued: [Int64] { parts.filter { $0.key.part < end.part }.map(\.value) }

        /// The gaps in the numbers; no more than 1,000 are named, however wild the greatest number is.
        var missing: [BackupTar] {
            Array(
                (0...end.part).lazy.map { BackupTar(tablespace: end.tablespace, part: $0) }
                    .filter { parts[$0] == nil }.prefix(1000)
            )
        }
    }
}
