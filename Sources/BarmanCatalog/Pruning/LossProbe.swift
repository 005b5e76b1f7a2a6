internal import Decompression
public import ObjectStorage
internal import PostgresWAL

/// Asks for what one listing had and a later one lacks: whether it is gone, or the later listing was not whole.
public struct LossProbe: Sendable {
    /// What an object turned out to be.
    public enum Answer: Hashable, Sendable {
        /// It is still handed out: one of the listings lies.
        case stillThere(ObjectKey)
        /// Nothing of what was asked for is there any more: somebody deletes, or has replaced something.
        case gone
    }

    private let store: any ObjectStore
    private let catalog: BackupCatalog

    // From the beginning and from the end: the first that is there decides.
    private static let most = 3
    private static let mostOfBackup = 100

    /// A probe of the server of a catalog.
    public init(store: any ObjectStore, catalog: BackupCatalog) {
        self.store = store
        self.catalog = catalog
    }

    /// Asks for a few objects of what is lost, until one is there.
    ///
    /// - Throws: `ObjectStoreError` where the store could not be asked.
    public func answer(to losses: [ServerWitness.Loss]) async throws -> Answer {
        let some = losses.count > 2 * Self.most ? losses.prefix(Self.most) + losses.suffix(Self.most) : losses[...]
        for loss in some {
            if case .backup(let id) = loss {
                // Which of them is lost the listings do not tell.
                if let key = try await firstOfAll(id) { return .stillThere(key) }
                continue
            }
            for key in keys(of: loss) {
                if try await store.hasObject(key) { return .stillThere(key) }
            }
        }
        return .gone
    }

    /// An object of a backup, nil where one of them is gone.
    private func firstOfAll(_ id: BackupID) async throws -> ObjectKey? {
        guard let backup = catalog.backups.first(where: { $0.id == id }) else { return nil }
        let keys = backup.names.prefix(Self.mostOfBackup).map { catalog.key(of: id, $0) } + backup.keeps.map(\.key)
        for key in keys {
            guard try await store.hasObject(key) else { return nil }
        }
        return keys.first
    }

    /// The keys that a loss may be about; of WAL the listing told no suffix.
    private func keys(of loss: ServerWitness.Loss) -> [ObjectKey] {
        switch loss {
        case .backup, .replaced, .twins: return []
        case .segments(let timeline, let range):
            let name = WALSegmentName(timeline: timeline, number: range.lowerBound, size: catalog.wal.segmentSize)
            return catalog.keys(ofWAL: "\(name.directory)/\(name)")
                + catalog.keys(ofWAL: "\(name.directory)/\(name).partial")
        case .history(let timeline): return catalog.keys(ofWAL: timeline.historyFileName)
        case .label(let file):
            let offset = String(file.offset, radix: 16, uppercase: true)
            let digits = String(repeating: "0", count: 8 - offset.count) + offset
            return catalog.keys(ofWAL: "\(file.segment.directory)/\(file.segment).\(digits).backup")
        }
    }
}

extension LossProbe {
    /// Why nothing may be deleted where a later listing lacks something, nil where it lacks nothing.
    public func refusal(of losses: [ServerWitness.Loss]) async throws -> DeletionRefused? {
        guard let first = losses.first?.sentence(size: catalog.wal.segmentSize) else { return nil }
        switch try await answer(to: losses) {
        case .stillThere(let key):
            return DeletionRefused(
                .contradiction,
                "two listings of \(store.name) contradict each other: \(first), and the store still hands it out (\(key))"
            )
        case .gone:
            return DeletionRefused(
                .changed,
                "\(first): somebody else changes this archive"
            )
        }
    }
}

extension BackupCatalog {
    /// The key of an object of a backup.
    package func key(of backup: BackupID, _ name: [UInt8]) -> ObjectKey {
        ObjectKey(bytes: prefix.bytes + Array("base/".utf8) + backup.bytes + [BarmanLayout.slash] + name)
    }
}

extension BackupCatalog {
    /// The keys that a file of the WAL archive may have, by its compression: gzip, which is mostly used, first.
    func keys(ofWAL path: String) -> [ObjectKey] {
        let formats = [.gzip] + CompressionFormat.allCases.filter { $0 != .gzip }
        return formats.map { ObjectKey(bytes: prefix.bytes + Array("wals/\(path)\($0.fileExtension)".utf8)) }
    }
}

extension ObjectStore {
    /// Whether a read of the first byte of an object finds it; HEAD and listings may be answered from elsewhere.
    func hasObject(_ key: ObjectKey) async throws(ObjectStoreError) -> Bool {
        do {
            _ = try await get(key, range: 0..<1, limit: 1)
            return true
        } catch {
            switch error.code {
            // It has no byte at all.
            case .invalidRange: return true
            case .noSuchKey: return false
            default: throw error
            }
        }
    }
}
