internal import Decompression
internal import ObjectStorage
internal import PostgresWAL
internal import Synchronization

/// Reads backup.info files, timeline histories and keep annotations, several at once.
///
/// Of a long listing some backup.info files are read while it goes on; they are not read again.
final class SmallObjectReader: Sendable {
    private let store: any ObjectStore
    private let atOnce: Int
    private let known = Mutex<[ObjectSummary: BaseBackup.Info]>([:])

    init(store: any ObjectStore, atOnce: Int) {
        self.store = store
        self.atOnce = atOnce
    }

    /// The backups of a server by id, their `backup.info` and annotations read.
    ///
    /// Where it is known whether Barman doubles the slash of annotations, those under the other key are not seen.
    func backups(of scan: ServerScan, doublingSlash: Bool?) async throws -> [BaseBackup] {
        let scans = scan.backups.values.sorted { $0.id < $1.id }
        return try await concurrently(scans, atOnce: atOnce) { [self] in
            try await backup($0, of: scan.prefix, doublingSlash)
        }
    }

    /// The timeline histories of a server.
    ///
    /// Of several objects for one timeline the first in byte order counts, as for `barman-cloud-wal-restore`.
    func histories(of scan: ServerScan) async throws -> [TimelineID: BackupCatalog.History] {
        var first: [TimelineID: HistoryScan] = [:]
        for history in scan.histories where first[history.timeline] == nil { first[history.timeline] = history }
        let found = try await concurrently(Array(first.values), atOnce: atOnce) { [self] in
            ($0.timeline, try await history($0))
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
            let info = try await info(summary)
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
        _ doublingSlash: Bool?
    ) async throws -> BaseBackup {
        var backup = BaseBackup(
            id: scan.id,
            info: try await info(scan.info),
            lastModified: TimestampTZ(unixMicroseconds: scan.lastModified)
        )
        backup.tars = scan.tars
        backup.strayParts = scan.strayParts
        backup.names = scan.names
        backup.hasAllNames = scan.hasAllNames
        backup.objects = scan.objects
        backup.bytes = scan.bytes
        for keep in scan.keeps {
            guard let value = try await value(keep, limit: CatalogLoader.largestAnnotation) else { continue }
            let isDoubled = !keep.key.bytes.starts(with: server)
            var annotation = KeepAnnotation(value: value, key: keep.key, hasDoubledSlash: isDoubled)
            annotation.isSeen = doublingSlash.map { $0 == isDoubled } ?? true
            backup.keeps.append(annotation)
        }
        return backup
    }

    private func info(_ summary: ObjectSummary?) async throws -> BaseBackup.Info {
        guard let summary else { return .missing }
        if let known = known.withLock({ $0.removeValue(forKey: summary) }) { return known }
        guard summary.size <= Int64(CatalogLoader.largestBackupInfo) else {
            return .unreadable("it has \(summary.size) bytes, more than any backup.info")
        }
        guard let bytes = try await value(summary, limit: CatalogLoader.largestBackupInfo) else { return .missing }
        do {
            return .read(try BackupInfoFile.parse(bytes))
        } catch {
            return .unreadable(error.description)
        }
    }

    private func history(_ scan: HistoryScan) async throws -> BackupCatalog.History? {
        let limit = CatalogLoader.largestHistory
        guard let stored = try await value(scan.object, limit: limit) else { return nil }
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

    /// The bytes of an object, nil where it was deleted since it was listed.
    private func value(_ listed: ObjectSummary, limit: Int) async throws -> [UInt8]? {
        do {
            return try await store.get(listed, limit: limit)
        } catch  where error.code == .noSuchKey {
            return nil
        }
    }
}
