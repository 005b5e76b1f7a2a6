/// Whether the tars of a backup are there, as far as a listing can tell.
public struct BackupData: Hashable, Sendable {
    /// Tars that the backup needs and the listing does not have.
    public var missing: [BackupTar] = []

    /// Tars of zero bytes.
    public var empty: [BackupTar] = []

    /// Split series whose last part may be missing: nothing in a bucket says how many parts there were.
    ///
    /// Barman begins a new part when the one before has grown beyond `--max-archive-size`, so the last part is
    /// as a rule the smallest. Where it is not, one more may have followed.
    public var uncertain: [BackupTar] = []

    /// Whether the data are volume snapshots, which lie outside the bucket.
    public var isElsewhere = false

    /// Whether nothing is missing or empty; nil where a listing cannot tell.
    public var isComplete: Bool? {
        guard missing.isEmpty, empty.isEmpty else { return false }
        return uncertain.isEmpty && !isElsewhere ? true : nil
    }

    init(of backup: BaseBackup) {
        isElsewhere = backup.details?.isSnapshot == true
        guard !isElsewhere else { return }
        let owners: [UInt32?] = [nil] + (backup.details?.tablespaces.map(\.oid) ?? [])
        for owner in owners {
            let parts = backup.tars.filter { $0.key.tablespace == owner }
            let last = parts.keys.map(\.part).max() ?? 0
            // A gap in the numbers; no more than 1,000 are named, however wild the greatest number is.
            for part in (0...last).lazy.map({ BackupTar(tablespace: owner, part: $0) })
                .filter({ parts[$0] == nil }).prefix(1000)
            {
                missing.append(part)
            }
            empty += parts.filter { $0.value == 0 }.map(\.key).sorted { $0.part < $1.part }
            let sizes = parts.filter { $0.key.part < last }.map(\.value)
            let end = BackupTar(tablespace: owner, part: last)
            if let smallest = sizes.min(), let size = parts[end], size >= smallest {
                uncertain.append(end)
            }
        }
    }
}
