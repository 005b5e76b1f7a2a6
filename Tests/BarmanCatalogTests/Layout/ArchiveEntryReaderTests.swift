import BarmanCatalog
import ObjectStorage
import PostgresWAL
import Testing

struct ArchiveEntryReaderTests {
    private func catalog(_ keys: [String], path: String = "s3://b/a/") async throws -> BackupCatalog {
        let store = MemoryObjectStore()
        for key in keys { store.put(ObjectKey(key), .init(Array("x".utf8))) }
        let servers = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: path)).servers
        return try #require(servers.first)
    }

    private func subject(_ key: String) async throws -> ArchiveEntry.Subject? {
        let catalog = try await catalog(["a/srv/base/A/backup.info"])
        return ArchiveEntryReader(of: catalog).entry(for: ObjectKey(key))?.subject
    }

    @Test(arguments: [
        ("backup.info", ArchiveEntry.BackupPart.info), ("backup_label", .label), ("annotations/keep", .annotation),
        ("data.tar", .tar), ("data.tar.gz", .tar), ("data_0001.tar.bz2", .tar), ("16387_0002.tar.zst", .tar),
        ("data.tar.zst", .tar), ("data_x.tar.gz", .other), ("notes", .other), ("x/data.tar", .other), ("", .other),
    ])
    func `knows the objects of a backup`(name: String, part: ArchiveEntry.BackupPart) async throws {
        #expect(try await subject("a/srv/base/A/\(name)") == .backup(BackupID("A"), part))
    }

    @Test
    func `knows an annotation under a doubled slash, and nothing else there`() async throws {
        #expect(try await subject("a//srv/base/A/annotations/keep") == .backup(BackupID("A"), .annotation))
        #expect(try await subject("a//srv/base/A/backup.info") == nil)
        #expect(try await subject("a//srv/wals/000000010000000000000001") == nil)
    }

    @Test
    func `passes over what belongs to no backup and no WAL of the server`() async throws {
        for key in ["a/srv/notes", "a/other/base/A/backup.info", "a/srv", "x", ""] {
            #expect(try await subject(key) == nil)
        }
        for key in ["a/srv/base/", "a/srv/base/A", "a/srv/wals/", "a/srv/wals/notes"] {
            #expect(try await subject(key) == .other)
        }
    }

    @Test
    func `reads WAL in its place and out of it`() async throws {
        let name = "000000010000000200000003"
        let catalog = try await catalog(["a/srv/wals/0000000100000002/\(name).gz"])
        let reader = ArchiveEntryReader(of: catalog)
        let segment = WALSegmentName(timeline: 1, log: 2, segment: 3)
        let directory = ArchiveEntry.Directory(timeline: 1, log: 2)
        let there = try #require(reader.entry(for: ObjectKey("a/srv/wals/0000000100000002/\(name).partial.gz")))
        #expect(there.subject == .wal(try #require(WALFileName(Array("\(name).partial".utf8))), isInPlace: true))
        #expect(there.directory == directory)
        let lower = try #require(reader.entry(for: ObjectKey("a/srv/wals/0000000100000002/sub/\(name).gz")))
        #expect(lower.subject == .wal(try #require(WALFileName(Array(name.utf8))), isInPlace: false))
        #expect(lower.directory == directory)
        #expect(lower.name == Array(segment.description.utf8))
        #expect(try #require(reader.entry(for: ObjectKey("a/srv/wals/x/\(name).gz"))).directory == nil)
        let notes = try #require(reader.entry(for: ObjectKey("a/srv/wals/000000010000000A/notes")))
        #expect(notes.directory == ArchiveEntry.Directory(timeline: 1, log: 10))
    }

    @Test
    func `says where objects of the same name come later`() async throws {
        let name = "000000010000000200000003"
        let keys = [
            "a/srv/wals/0000000100000001/\(name).xz", "a/srv/wals/0000000100000002/\(name)",
            "a/srv/wals/0000000100000002/\(name).gz", "a/srv/wals/0000000100000002/\(name).partial",
            "a/srv/wals/sub/\(name).bz2", "a/srv/wals/0000000100000002/\(name).00000028.backup",
            "a/srv/wals/0000000100000002/\(name).00000028.backup.gz",
        ]
        let catalog = try await catalog(keys)
        #expect(Set(catalog.walTwins.passedOver.map(\.description)) == [keys[1], keys[5]])
        #expect(catalog.walTwins.misplaced.map(\.description) == [keys[0], keys[4]])
        let reader = ArchiveEntryReader(of: catalog)
        let twins = keys.map { reader.entry(for: ObjectKey($0))?.laterTwins }
        let own = ArchiveEntry.Directory(timeline: 1, log: 2)
        #expect(Set(twins[0] ?? []) == [nil, own])
        #expect(twins[1] == [own, nil])
        #expect(twins[2] == [nil])
        #expect(twins[3] == [])
        #expect(twins[4] == [])
        #expect(twins[5] == [own])
        #expect(twins[6] == [])
    }

    @Test
    func `the catalog holds so many odd names and no more`() async throws {
        let most = WALTwins.mostKeys
        let keys = (0...most).map { "a/srv/wals/x/\(WALSegmentName(timeline: 1, log: 0, segment: UInt32($0)))" }
        let wal = try await catalog(keys)
        #expect(wal.walTwins.misplaced.count == most)
        #expect(!wal.walTwins.isComplete)
        #expect(wal.misplacedWAL.objects == most + 1)
        let backup = try await catalog((0...BaseBackup.mostNames).map { "a/srv/base/A/\($0)" } + ["a/srv/wals/"])
        #expect(backup.backups[0].names.count == BaseBackup.mostNames)
        #expect(!backup.backups[0].hasAllNames)
    }

    @Test
    func `the catalog has the names of a backup's objects and the backup histories`() async throws {
        let keys = [
            "a/srv/base/A/16387.tar", "a/srv/base/A/annotations/keep", "a/srv/base/A/backup.info",
            "a/srv/wals/0000000100000002/000000010000000200000003.00000028.backup.gz",
            "a//srv/base/A/annotations/keep",
        ]
        let catalog = try await catalog(keys)
        let names = catalog.backups[0].names.map { String(decoding: $0, as: UTF8.self) }
        #expect(names == ["16387.tar", "annotations/keep", "backup.info"])
        let file = BackupHistoryFile(segment: WALSegmentName(timeline: 1, log: 2, segment: 3), offset: 0x28)
        #expect(catalog.wal.backupHistories == [file])
    }
}
