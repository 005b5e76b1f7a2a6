public import ObjectStorage
internal import PostgresWAL

/// Reads once more what a deletion rests on, one object after the other: a listing may come out of a cache that does not
/// say so, a read of each object rarely does.
///
/// Of finished backups that stay `backup.info` has to say what it said, and the first byte of each tar and of the first
/// and the last WAL segment has to be there. Backups that go must not have been annotated since. A directory without
/// `backup.info` must have none.
public struct DeletionProof: Sendable {
    private let store: any ObjectStore
    private let concurrency: Int

    /// A proof by reads of a store, so many at once.
    public init(store: any ObjectStore, concurrency: Int = 8) {
        self.store = store
        self.concurrency = max(1, concurrency)
    }

    /// What is not as the catalog says, nil where nothing speaks against the deletion.
    ///
    /// - Parameters:
    ///   - catalog: the server as it was listed.
    ///   - kept: the backups that stay; of those that are not finished nothing is asked.
    ///   - gone: the backups that go.
    /// - Throws: where the store could not be asked.
    public func contradiction(
        in catalog: BackupCatalog,
        keeping kept: Set<BackupID>,
        deleting gone: Set<BackupID>
    ) async throws -> String? {
        for orphan in catalog.orphanAnnotations {
            let key = catalog.key(of: orphan.backup, Array("backup.info".utf8))
            if try await store.hasObject(key) { return "no listing has \(key), and the store hands it out" }
        }
        let found = try await concurrently(catalog.backups, atOnce: concurrency) { backup -> String? in
            if backup.info == .missing, !catalog.mayBeUnderWay(backup) {
                let key = catalog.key(of: backup.id, Array("backup.info".utf8))
                if try await store.hasObject(key) { return "no listing has \(key), and the store hands it out" }
            }
            if gone.contains(backup.id) { return try await annotation(of: backup, in: catalog) }
            guard kept.contains(backup.id), backup.details?.status == .done else { return nil }
            return try await change(of: backup, in: catalog)
        }
        return found.compactMap { $0 }.first
    }

    /// What has become of a backup that stays, nil where it is what it was.
    private func change(of backup: BaseBackup, in catalog: BackupCatalog) async throws -> String? {
        let key = catalog.key(of: backup.id, Array("backup.info".utf8))
        guard let bytes = try await bytes(of: key) else { return "backup.info of \(backup.id), which stays, is gone" }
        guard let details = backup.details, (try? BackupInfoFile.parse(bytes)) == details else {
            return "backup.info of \(backup.id), which stays, has changed"
        }
        for name in backup.names where BackupLayout.tarOfAnyFormat(name.span) != nil {
            let tar = catalog.key(of: backup.id, name)
            guard try await store.hasObject(tar) else { return "\(tar), data of a backup that stays, is gone" }
        }
        return try await lostSegment(of: details, backup.id, in: catalog)
    }

    /// The first or the last WAL segment of a backup that stays, where it was listed and no read finds it; nil where both
    /// are there.
    private func lostSegment(
        of details: BackupInfo,
        _ id: BackupID,
        in catalog: BackupCatalog
    ) async throws -> String? {
        for name in Set([details.beginWAL, details.endWAL].compactMap { $0 }) {
            guard let number = name.number(size: catalog.wal.segmentSize),
                catalog.wal.run(of: name.timeline, containing: number) != nil
            else { continue }
            var isThere = false
            for key in catalog.keys(ofWAL: "\(name.directory)/\(name)") where !isThere {
                isThere = try await store.hasObject(key)
            }
            guard isThere else { return "\(name), WAL of backup \(id), which stays, is gone" }
        }
        return nil
    }

    /// The body of a `backup.info`, nil where there is none.
    private func bytes(of key: ObjectKey) async throws(ObjectStoreError) -> [UInt8]? {
        do {
            return try await store.get(key, limit: CatalogLoader.largestBackupInfo)
        } catch {
            guard error.code == .noSuchKey else { throw error }
            return nil
        }
    }

    /// An annotation that a backup which goes has, and had not when it was listed, nil where there is none.
    private func annotation(of backup: BaseBackup, in catalog: BackupCatalog) async throws -> String? {
        let path = Array("base/".utf8) + backup.id.bytes + Array("/annotations/keep".utf8)
        let known = Set(backup.keeps.map(\.key))
        let key = ObjectKey(bytes: catalog.prefix.bytes + path)
        var found: ObjectKey?
        if !known.contains(key), try await store.hasObject(key) { found = key }
        if let doubled = BarmanLayout.withDoubledSlash(catalog.prefix.bytes) {
            let other = ObjectKey(bytes: doubled + path)
            if !known.contains(other), try await seems(other) { found = other }
        }
        return found.map { "backup \(backup.id), which goes, was not annotated at first, and now is: \($0)" }
    }

    /// Whether there is an object of a key with a doubled slash.
    ///
    /// Stores that can have no such key say so in many ways, and a key may be allowed its own prefix only.
    private func seems(_ key: ObjectKey) async throws(ObjectStoreError) -> Bool {
        do {
            return try await store.hasObject(key)
        } catch {
            // What may go better the next time is no answer.
            guard !error.isRetryable, error.code != .cancelled else { throw error }
            return false
        }
    }
}
