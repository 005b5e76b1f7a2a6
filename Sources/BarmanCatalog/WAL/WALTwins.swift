internal import Decompression
public import ObjectStorage
internal import PostgresWAL

/// Objects of the WAL archive that carry the name of another one.
///
/// Barman's catalog of WAL goes by the last part of the key without its compression suffix, in whatever directory, and
/// of several objects of one name it knows only the one whose key comes last (`CloudBackupCatalog.get_wal_paths`).
public struct WALTwins: Hashable, Sendable {
    /// The keys in their place behind which another key of the same name follows in the same directory.
    public var passedOver: [ObjectKey] = []

    /// The keys of WAL files that lie in the wrong directory or are in lower case.
    public var misplaced: [ObjectKey] = []

    /// Whether all of them are here: only the first ``mostKeys`` of each kind are held.
    public var isComplete = true

    /// The most keys of one kind that are held.
    public static let mostKeys = 10_000

    /// No twins.
    public init() {}
}

extension WALTwins {
    /// Finds the twins while the objects come in the byte order of their keys.
    ///
    /// Objects of one segment come together, so that it is enough to remember the last file of each kind.
    struct Builder {
        private(set) var twins = WALTwins()

        private var lastWhole: File?
        private var lastPartial: File?
        private var lastBackupHistory: File?
        private var lastTimelineHistory: File?

        private struct File {
            var name: WALFileName
            var format: CompressionFormat
        }

        /// Adds a file that lies in its place below `wals`, the prefix of the server's WAL.
        mutating func add(_ name: WALFileName, _ format: CompressionFormat, below wals: [UInt8]) {
            let file = File(name: name, format: format)
            let last: File?
            switch name.kind {
            case .segment: (last, lastWhole) = (lastWhole, file)
            case .partial: (last, lastPartial) = (lastPartial, file)
            case .backupHistory: (last, lastBackupHistory) = (lastBackupHistory, file)
            case .timelineHistory: (last, lastTimelineHistory) = (lastTimelineHistory, file)
            }
            if let last, last.name == name { passOver(last, below: wals) }
        }

        /// Adds the key of a file that is not in its place.
        mutating func addMisplaced(_ key: Span<UInt8>) {
            guard twins.misplaced.count < WALTwins.mostKeys else {
                twins.isComplete = false
                return
            }
            twins.misplaced.append(ObjectKey(bytes: key.copy))
        }

        /// Adds what was found of the keys behind those that were seen; no file has objects on both sides.
        mutating func append(_ next: Builder) {
            let (room, place) = (WALTwins.mostKeys - twins.passedOver.count, WALTwins.mostKeys - twins.misplaced.count)
            twins.isComplete =
                twins.isComplete && next.twins.isComplete && next.twins.passedOver.count <= room
                && next.twins.misplaced.count <= place
            twins.passedOver += next.twins.passedOver.prefix(room)
            twins.misplaced += next.twins.misplaced.prefix(place)
            lastWhole = next.lastWhole ?? lastWhole
            lastPartial = next.lastPartial ?? lastPartial
            lastBackupHistory = next.lastBackupHistory ?? lastBackupHistory
            lastTimelineHistory = next.lastTimelineHistory ?? lastTimelineHistory
        }

        private mutating func passOver(_ file: File, below wals: [UInt8]) {
            guard twins.passedOver.count < WALTwins.mostKeys else {
                twins.isComplete = false
                return
            }
            let path = file.name.path + file.format.fileExtension
            twins.passedOver.append(ObjectKey(bytes: wals + Array(path.utf8)))
        }
    }
}

extension WALFileName {
    /// Where the file lies below `wals/`, without a compression suffix.
    var path: String {
        switch kind {
        case .segment(let name): "\(name.directory)/\(name)"
        case .partial(let name): "\(name.directory)/\(name).partial"
        case .backupHistory(let name, let offset):
            "\(name.directory)/\(name)."
                + String(WALSegmentName(timeline: 0, log: 0, segment: offset).description.suffix(8)) + ".backup"
        case .timelineHistory(let timeline): timeline.historyFileName
        }
    }
}
