internal import Decompression
internal import PostgresWAL

extension WALInventory {
    /// Turns the objects of a WAL archive into runs while they are listed: the scan core.
    ///
    /// Objects must come in the byte order of their keys, so that all objects of one segment come together. It
    /// holds no name, only runs; the segment size may be told at the end.
    struct Builder {
        private(set) var usable = NameRuns()
        private(set) var empty = NameRuns()
        private(set) var emptyObjects = NameRuns()
        private(set) var shadowed = NameRuns()
        private(set) var duplicates = NameRuns()
        private(set) var wrongSize = NameRuns()
        private(set) var partials: [PartialSegment] = []
        private(set) var backupHistories: [BackupHistoryFile] = []
        private(set) var wholeSegments = 0
        private(set) var wholeBytes: Int64 = 0

        private var current: Group?

        /// The objects of one segment, of which a restore takes the first in byte order.
        private struct Group {
            var name: WALSegmentName
            var firstIsPartial: Bool
            var wholes = 0
            var bytes: Int64 = 0
            var plainSize: Int64?
            var size: Int64 = 0
            var modified: Int64 = 0
            /// When the last of its objects of zero bytes was written, the `.partial` too; nil where none is empty.
            var emptyModified: Int64?
        }

        /// Adds the object of a segment, of a `.partial` or of a backup history; timeline histories are none of its
        /// business.
        mutating func add(_ file: WALFileName, _ format: CompressionFormat, size: Int64, modified: Int64) {
            switch file.kind {
            case .segment(let name):
                begin(name, isPartial: false)
                if size == 0 { current?.emptyModified = modified }
                addWhole(format, size: size, modified: modified)
            case .partial(let name):
                begin(name, isPartial: true)
                if size == 0 { current?.emptyModified = modified }
                partials.append(
                    PartialSegment(name: name, size: size, lastModified: TimestampTZ(unixMicroseconds: modified))
                )
            case .backupHistory(let name, let offset):
                let file = BackupHistoryFile(segment: name, offset: offset)
                if backupHistories.last != file { backupHistories.append(file) }
            case .timelineHistory:
                break
            }
        }

        /// Ends the last group; call it once behind the last object.
        mutating func finish() {
            flush()
            current = nil
        }

        /// Adds what was built of the keys behind those that were seen; no segment has objects on both sides.
        mutating func append(_ next: Builder) {
            finish()
            var next = next
            next.finish()
            usable.append(next.usable)
            empty.append(next.empty)
            emptyObjects.append(next.emptyObjects)
            shadowed.append(next.shadowed)
            duplicates.append(next.duplicates)
            wrongSize.append(next.wrongSize)
            partials += next.partials
            let isRepeated = backupHistories.last != nil && backupHistories.last == next.backupHistories.first
            backupHistories += next.backupHistories.dropFirst(isRepeated ? 1 : 0)
            wholeSegments += next.wholeSegments
            wholeBytes &+= next.wholeBytes
        }

        private mutating func begin(_ name: WALSegmentName, isPartial: Bool) {
            guard current?.name != name else { return }
            flush()
            current = Group(name: name, firstIsPartial: isPartial)
        }

        private mutating func addWhole(_ format: CompressionFormat, size: Int64, modified: Int64) {
            wholeBytes &+= size
            if current?.wholes == 0 {
                current?.size = size
                current?.modified = modified
                current?.plainSize = format == .none ? size : nil
            }
            current?.bytes &+= size
            current?.wholes += 1
        }

        private mutating func flush() {
            guard let group = current else { return }
            if let modified = group.emptyModified {
                emptyObjects.append(group.name, plainSize: nil, bytes: 0, modified: modified)
            }
            guard group.wholes > 0 else { return }
            wholeSegments += 1
            func append(to runs: inout NameRuns) {
                runs.append(
                    group.name,
                    plainSize: group.plainSize,
                    bytes: group.bytes,
                    modified: group.modified
                )
            }
            if group.wholes > 1 { append(to: &duplicates) }
            if group.firstIsPartial {
                append(to: &shadowed)
            } else if group.size == 0 {
                append(to: &empty)
            } else if let plain = group.plainSize, WALSegmentSize(bytes: Int(clamping: plain)) == nil {
                append(to: &wrongSize)
            } else {
                append(to: &usable)
            }
        }
    }
}
