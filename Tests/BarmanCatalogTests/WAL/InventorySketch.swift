import PostgresWAL

@testable import BarmanCatalog

/// The inventory of WAL objects given by name and size, in any order.
func inventory(_ objects: [(name: String, size: Int64)], sizeOfBackups: WALSegmentSize? = nil) -> WALInventory {
    var builder = WALInventory.Builder()
    let keys = objects.map { (key: Array("\($0.name.prefix(16))/\($0.name)".utf8), size: $0.size) }
    for (index, object) in keys.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }).enumerated() {
        guard case .wal(let file, let format, _) = BarmanLayout.walRole(of: object.key.span, from: 0) else { continue }
        builder.add(file, format, size: object.size, modified: Int64(index))
    }
    builder.finish()
    return WALInventory(builder, sizeOfBackups: sizeOfBackups)
}

/// The inventory of WAL objects of 100 bytes each.
func inventory(_ names: [String], sizeOfBackups: WALSegmentSize? = nil) -> WALInventory {
    inventory(names.map { ($0, 100) }, sizeOfBackups: sizeOfBackups)
}

/// The names of a timeline's segments.
func names(
    _ numbers: some Sequence<UInt64>,
    on timeline: TimelineID = 1,
    size: WALSegmentSize = .standard,
    suffix: String = ".gz"
) -> [String] {
    numbers.map { WALSegmentName(timeline: timeline, number: $0, size: size).description + suffix }
}
