internal import Decompression
internal import ObjectStorage
internal import PostgresWAL
internal import Synchronization

/// Reads backup.info files, timeline histories and keep annotations, several at once.
///
/// Of a long listing some backup.info files are read while it goes on; they are not read again.
final class SmallObjectReader: Sendable {
    private let store: any ObjectStore
    let atOnce: Int
    private let known = Mutex<[ObjectSummary: BaseBackup.Info]>([:])

    init(store: any ObjectStore, atOnce: Int) {
        self.store = store
        self.atOnce = atOnce
    }

    /// The backups of a server by id, their `backup.info` and annotations read.
    ///
    /// Where it is known whether Barman doubles the slash of annotations, those under the other key are not seen.
    func backups(of scan: ServerScan, doublingSlash: Bool?, _ notes: ReadingNotes) async throws -> [BaseBackup] {
        let scans = scan.backups.values.sorted { $0.id < $1.id }
        return try await concurrently(scans, atOnce: atOnce) { [self] in
            try await backup($0, of: scan.prefix, doublingSlash, notes)
        }
    }

    /// The timeline histories of a server.
    ///
    /// Of several objects for one timeline the first in byte order counts, as for `barman-cloud-wal-restore`.
    func histories(of scan: ServerScan, _ notes: ReadingNotes) async throws -> [TimelineID: BackupCatalog.History] {
        var first: [TimelineID: HistoryScan] = [:]
        for history in scan.histories where first[history.timeline] == nil { first[history.timeline] = history }
        let found = try await concurrently(Array(first.values), atOnce: atOnce) { [self] in
            ($0.timeline, try await history($0, notes))
        }
        return Dictionary(uniqueKeysWithValues: found.compactMap { entry in entry.1.map { (entry.0, $0) } })
    }

    /// Where the WAL of some backups begins and ends, as far as that can be told: their `backup.info` are these.
    ///
    /// Of many the newest, the oldest, and some between them are read.
    func ends(of infos: [ObjectSummary], server: [UInt8]) async -> Set<KeyPosition> {
        let sorted = infos.sorted { $0.key < $1.key }
        let most = min(sorted.count, Self.mostEnds)
        let chosen = (0..<most).map { sorted[$0 * (sorted.count - 1) / max(1, most - 1)] }
        let found = try? await concurrently(chosen, atOnce: atOnce) { [self] summary in
            let info = try await info(summary, of: nil)
            known.withLock { $0[summary] = info }
            return info
        }
        let details = (found ?? []).compactMap { if case .read(let details) = $0 { details } else { nil } }
        let names = details.flatMap { [$0.beginWAL, $0.endWAL] }.compactMap { $0 }
        return Set(
            names.map { name in
                KeyPosition(server: server, directory: .init(timeline: name.timeline.rawValue, log: name.log))
            }
        )
    }

    // Enough to find the WAL of most archives; each costs a request now that would be made later anyway.
    private static let mostEnds = 16

    private func backup(
        _ scan: BackupScan,
        of server: [UInt8],
        _ doublingSlash: Bool?,
        _ notes: ReadingNotes
    ) async throws -> BaseBackup {
        var backup = BaseBackup(
            id: scan.id,
            info: try await info(scan.info, of: (scan.id, notes)),
            lastModified: TimestampTZ(unixMicroseconds: scan.lastModified)
        )
        backup.tars = scan.tars
        backup.strayParts = scan.strayParts
        backup.names = scan.names
        backup.hasAllNames = scan.hasAllNames
        backup.objects = scan.objects
        backup.bytes = scan.bytes
        backup.totals = scan.totals
        for keep in scan.keeps {
            let value: [UInt8]
            switch try await body(keep, limit: CatalogLoader.largestAnnotation) {
            case .bytes(let bytes): value = bytes
            case .gone:
                notes.gone(keep.key)
                continue
            case .refused(let reason):
                notes.unread(UnreadObject(key: keep.key, role: .annotation(scan.id), reason: reason))
                continue
            }
            let isDoubled = !keep.key.bytes.starts(with: server)
            var annotation = KeepAnnotation(value: value, key: keep.key, hasDoubledSlash: isDoubled)
            annotation.isSeen = doublingSlash.map { $0 == isDoubled } ?? true
            backup.keeps.append(annotation)
        }
        return backup
    }

    /// What a `backup.info` says; what goes wrong is noted where there are notes.
    private func info(
        _ summary: ObjectSummary?,
        of backup: (id: BackupID, notes: ReadingNotes)?
    ) async throws -> BaseBackup.Info {
        guard let summary else { return .missing }
        if let known = known.withLock({ $0.removeValue(forKey: summary) }) { return known }
        guard summary.size <= Int64(CatalogLoader.largestBackupInfo) else {
            return .unreadable("it has \(summary.size) bytes, more than any backup.info")
        }
        switch try await body(summary, limit: CatalogLoader.largestBackupInfo) {
        case .bytes(let bytes):
            do {
                return .read(try BackupInfoFile.parse(bytes))
            } catch {
                return .unreadable(error.description)
            }
        case .gone:
            backup?.notes.gone(summary.key)
            return .missing
        case .refused(let reason):
            if let backup { backup.notes.unread(.init(key: summary.key, role: .info(backup.id), reason: reason)) }
            return .refused(reason)
        }
    }

    private func history(_ scan: HistoryScan, _ notes: ReadingNotes) async throws -> BackupCatalog.History? {
        let limit = CatalogLoader.largestHistory
        let stored: [UInt8]
        switch try await body(scan.object, limit: limit) {
        case .bytes(let bytes): stored = bytes
        case .gone:
            notes.gone(scan.object.key)
            return nil
        case .refused(let reason):
            notes.unread(UnreadObject(key: scan.object.key, role: .history(scan.timeline), reason: reason))
            return .refused(reason)
        }
        do {
            let bytes = try decompress(stored, format: scan.format, limit: limit)
            return .valid(try TimelineHistory(parsing: bytes, of: scan.timeline))
        } catch let error as TimelineHistoryError {
            return error.kind == .empty ? .empty : .invalid(error.description)
        } catch let error as DecompressionError {
            // Barman restores an object of zero bytes as an empty file where the format allows it; the verdict on
            // the timeline is the same.
            return error.kind == .empty ? .empty : .invalid(error.description)
        }
    }

    /// What became of reading an object that was listed.
    enum Body {
        /// It was read.
        case bytes([UInt8])
        /// It is not listed any more.
        case gone
        /// It is still listed, and the store does not hand it out.
        case refused(String)
    }

    /// The body of an object.
    ///
    /// A store whose listing and whose reads contradict each other (a degraded MinIO, Ceph or RustFS) is asked for both
    /// once more: what is listed and not found is not absent.
    func body(_ listed: ObjectSummary, limit: Int) async throws(ObjectStoreError) -> Body {
        do {
            return .bytes(try await store.get(listed, limit: limit))
        } catch {
            guard error.code == .noSuchKey else { throw error }
        }
        // One entry would do; two make a request that no cache has an answer to from before.
        let page = try await store.list(ListRequest(prefix: listed.key, maxKeys: 2))
        guard let index = page.indices.first(where: { page.summary(at: $0).key == listed.key }) else {
            // A page may be empty and go on: then nothing was learned.
            guard page.count == 0, page.continuation != nil else { return .gone }
            return .refused("the store says that there is no such object, and does not tell whether it is still listed")
        }
        do {
            return .bytes(try await store.get(page.summary(at: index), limit: limit))
        } catch {
            guard error.code == .noSuchKey else { throw error }
            return .refused("it is listed, and the store says that there is no such object")
        }
    }
}
