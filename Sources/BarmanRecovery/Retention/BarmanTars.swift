internal import BarmanCatalog

/// Which objects of a backup's directory Barman 3.19.1 takes for its tars (`CloudBackupCatalog.get_backup_files`).
struct BarmanTars: Sendable {
    private var names: Set<[UInt8]> = []

    /// Whether it fails to bring continuations in order: those of an unknown extension have no path to sort by.
    private(set) var areUnsortable = false

    init(of backup: BaseBackup) {
        let owners = ["data"] + (backup.details?.tablespaces.map { String($0.oid) } ?? [])
        // It lists with a delimiter: a directory counts as one name with a slash at its end.
        var listed: [[UInt8]] = []
        for name in backup.names {
            let end = name.firstIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? name.count
            let item = Array(name[..<end])
            if listed.last != item { listed.append(item) }
        }
        for owner in Set(owners) {
            var main: [UInt8]?
            var continuations: [[UInt8]?] = []
            for name in listed where name.starts(with: owner.utf8) {
                let suffix = name.dropFirst(owner.utf8.count)
                if suffix.first == UInt8(ascii: "_") {
                    // It takes everything behind the first dot for the extension.
                    let dot = suffix.firstIndex(of: UInt8(ascii: "."))
                    let isKnown = dot.map { Self.extensions.contains(Array(suffix[($0 + 1)...])) } ?? false
                    continuations.append(isKnown ? name : nil)
                } else if suffix.first == UInt8(ascii: "."), Self.extensions.contains(Array(suffix.dropFirst())) {
                    // The last one is the one.
                    main = name
                }
            }
            if let main { names.insert(main) }
            names.formUnion(continuations.compactMap { $0 })
            if continuations.count > 1, continuations.contains(nil) { areUnsortable = true }
        }
    }

    /// Whether the object of this name goes with the backup.
    func deletes(_ name: [UInt8]) -> Bool { names.contains(name) }

    private static let extensions = Set(["tar", "tar.gz", "tar.bz2", "tar.snappy", "tar.lz4"].map { Array($0.utf8) })
}
