internal import Decompression

/// Knows the tree below `base/`: `<id>/backup.info`, `<id>/data.tar.gz`, `<id>/annotations/keep`.
enum BackupLayout {
    /// What a key means whose part from `start` on lies below `base/`.
    static func role(of key: Span<UInt8>, from start: Int) -> ObjectRole {
        guard let end = key.firstIndex(of: BarmanLayout.slash, from: start) else { return .unknown }
        return .backup(id: start..<end, object(key.extracting(end + 1..<key.count)))
    }

    private static func object(_ name: Span<UInt8>) -> BackupObject {
        if name.equals("backup.info") { return .info }
        if name.equals("backup_label") { return .label }
        if name.equals("annotations/keep") { return .keep }
        if let tar = tar(name) { return .tar(tar) }
        return isStrayPart(name) ? .strayPart : .unknown
    }

    /// Whether a restore would take the object for a continuation, though no backup writes one of such a name.
    ///
    /// Barman takes everything that begins with `data_` or an oid and `_` (`get_backup_files`); with an extension that
    /// it does not know, or an empty body, the whole restore fails.
    private static func isStrayPart(_ name: Span<UInt8>) -> Bool {
        guard let underscore = name.firstIndex(of: UInt8(ascii: "_"), from: 0),
            name.firstIndex(of: BarmanLayout.slash, from: 0) == nil
        else { return false }
        let owner = name.extracting(0..<underscore)
        return owner.equals("data") || owner.decimal != nil
    }

    /// Reads `data.tar`, `16387.tar.gz`, `data_0001.tar.bz2` (`CloudUploadController._build_dest_name`).
    ///
    /// What a restore passes over is no tar, whatever is in it: Barman 3.19.1 compares the extension with a list and
    /// the name with the oid as it prints it (`CloudBackupCatalog.get_backup_files`).
    private static func tar(_ name: Span<UInt8>) -> BackupTar? {
        isRestored(name.withoutCompressionSuffix().format) ? tarOfAnyFormat(name) : nil
    }

    /// Reads the name of a tar, whether or not Barman 3.19.1 would restore its compression.
    static func tarOfAnyFormat(_ name: Span<UInt8>) -> BackupTar? {
        let stem = name.withoutCompressionSuffix().stem
        guard stem.count > 4, stem.extracting(stem.count - 4..<stem.count).equals(".tar") else {
            return nil
        }
        let series = stem.extracting(0..<stem.count - 4)
        let underscore = series.firstIndex(of: UInt8(ascii: "_"), from: 0)
        let owner = series.extracting(0..<(underscore ?? series.count))
        var part = 0
        if let underscore {
            // Barman counts with %04d, so more digits come only behind 9,999 parts.
            let digits = series.extracting(underscore + 1..<series.count)
            guard digits.count >= 4, let number = digits.decimal, number > 0 else { return nil }
            part = number
        }
        if owner.equals("data") { return BackupTar(tablespace: nil, part: part) }
        let isPadded = owner.count > 1 && owner[0] == UInt8(ascii: "0")
        guard !isPadded, let oid = owner.decimal, let oid = UInt32(exactly: oid) else { return nil }
        return BackupTar(tablespace: oid, part: part)
    }

    /// Whether a restore takes tars of this format.
    ///
    /// Barman makes and reads `.tar.zst` only from 3.20 on, and `.tar.xz` never.
    private static func isRestored(_ format: CompressionFormat) -> Bool {
        switch format {
        case .none, .gzip, .bzip2, .snappy, .lz4: true
        case .xz, .zstd: false
        }
    }
}
