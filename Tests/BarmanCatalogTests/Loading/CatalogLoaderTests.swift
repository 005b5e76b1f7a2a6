import BarmanCatalog
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

struct CatalogLoaderTests {
    /// A store of these objects; those with text have a body.
    private func store(_ objects: [String: String?]) -> MemoryObjectStore {
        let store = MemoryObjectStore()
        for (key, text) in objects {
            store.put(ObjectKey(key), text.map { .init(Array($0.utf8)) } ?? .init(size: 100, lastModified: 5))
        }
        return store
    }

    private func load(_ objects: [String: String?], _ path: String = "s3://b", _ servers: [String] = []) async throws
        -> BucketCatalog
    {
        let location = try ArchiveLocation(destinationPath: path, serverNames: servers)
        return try await CatalogLoader(store: store(objects)).load(location)
    }

    private static let info = """
        begin_wal=000000010000000000000003
        begin_xlog=0/3000028
        end_time=2026-11-20 20:45:37+00:00
        end_wal=000000010000000000000003
        end_xlog=0/3000158
        status=DONE
        tablespaces=None

        """

    private static func wal(_ server: String, _ number: UInt64) -> String {
        let name = WALSegmentName(timeline: 1, number: number, size: .standard)
        return "\(server)/wals/\(name.directory)/\(name).gz"
    }

    @Test
    func `an empty bucket has no server`() async throws {
        let catalog = try await load([:])
        #expect(catalog.servers.isEmpty)
        #expect(catalog.total.objects == 0)
    }

    @Test
    func `reads backups, histories, annotations and WAL of a server`() async throws {
        let catalog = try await load([
            "srv/base/A/backup.info": Self.info, "srv/base/A/data.tar.gz": nil, "srv/base/A/annotations/keep": "full",
            Self.wal("srv", 3): nil, Self.wal("srv", 4): nil, "srv/wals/00000002.history": "1\t0/5000\tx\n",
            "srv/wals/00000003.history": "", "srv/notes": nil,
        ])
        let server = try #require(catalog.servers.first)
        #expect(server.name == "srv")
        #expect(server.prefix == "srv/")
        #expect(server.backups.map(\.id) == [BackupID("A")])
        #expect(server.backups[0].details?.status == .done)
        #expect(server.backups[0].keep == .full)
        #expect(server.backups[0].data.isComplete == true)
        #expect(server.backups[0].objects == 3)
        #expect(server.wal.runs.map(\.segments) == [3...4])
        #expect(server.wal.sizeEvidence == .backups)
        #expect(server.histories.keys.sorted() == [2, 3])
        #expect(server.histories[3] == .empty)
        #expect(server.unknownObjects.objects == 1)
        #expect(server.usage.total.objects == 8)
        #expect(catalog.total.objects == 8)
        #expect(catalog.outside.objects == 0)
    }

    /// What `get_backup_files` of Barman 3.19.1 makes of the same names.
    @Test(
        arguments: [
            (["data.tar.gz": 100], true, []),
            (["data.tar.zst": 100], false, []),
            (["data.tar.xz": 100], false, []),
            (["data.tar.bz2": 100, "data.tar.gz": 0], false, [BackupTar()]),
            (["data.tar.bz2": 0, "data.tar.gz": 100], true, []),
            (["data.tar.gz": 100, "data.tar.zst": 0], true, []),
            (["data.tar": 100, "data_0001.tar.bz2": 0, "data_0001.tar.gz": 10], false, [BackupTar(part: 1)]),
            (["data.tar": 100, "data_0001.tar.bz2": 10, "data_0001.tar.gz": 0], false, [BackupTar(part: 1)]),
        ] as [([String: Int64], Bool, [BackupTar])]
    )
    func `of the tars those count that a restore takes`(
        tars: [String: Int64],
        isComplete: Bool,
        empty: [BackupTar]
    ) async throws {
        let store = store(["srv/base/A/backup.info": Self.info])
        for (name, size) in tars { store.put(ObjectKey("srv/base/A/\(name)"), .init(size: size)) }
        let catalog = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: "s3://b"))
        let backup = try #require(catalog.servers.first?.backups.first)
        #expect(backup.data.isComplete == isComplete)
        #expect(backup.data.empty == empty)
        #expect(backup.tars.values.reduce(0, +) <= 110)
    }

    @Test
    func `a tablespace whose tar has another number has no tar`() async throws {
        let info = Self.info + "tablespaces=[('t', 16387, '/t')]\n"
        let catalog = try await load([
            "srv/base/A/backup.info": info, "srv/base/A/data.tar": nil, "srv/base/A/016387.tar": nil,
        ])
        #expect(catalog.servers.first?.backups.first?.data.missing == [BackupTar(tablespace: 16387)])
        #expect(catalog.servers.first?.unknownObjects.examples == ["srv/base/A/016387.tar"])
    }

    @Test
    func `a directory without backup info is kept apart from an unreadable one`() async throws {
        let catalog = try await load([
            "srv/base/A/data.tar": nil, "srv/base/B/backup.info": "5b2\r\n", "srv/base/C/backup.info": "",
        ])
        let backups = try #require(catalog.servers.first).backups
        #expect(backups.map(\.info)[0] == .missing)
        #expect(backups.map(\.info)[1] == .unreadable("line 1: expected name=value, got '5b2'"))
        #expect(backups[2].details?.status == .empty)
    }

    @Test
    func `objects that are too large to be what they are called are not read`() async throws {
        let store = store(["srv/base/A/data.tar": nil, Self.wal("srv", 1): nil])
        store.put("srv/base/A/backup.info", .init(size: 1 << 40))
        store.put("srv/wals/00000002.history.gz", .init([0x1F, 0x8B, 0x08]))
        let catalog = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: "s3://b"))
        let server = try #require(catalog.servers.first)
        guard case .unreadable(let reason) = server.backups[0].info else {
            Issue.record("it was read")
            return
        }
        #expect(reason == "it has 1099511627776 bytes, more than any backup.info")
        guard case .invalid? = server.histories[2] else {
            Issue.record("a truncated history was read")
            return
        }
    }

    @Test(
        arguments: [
            ("s3://b/a/", true, [nil, .full]), ("s3://b/a", false, [.standalone, nil]),
        ] as [(String, Bool, [KeepAnnotation.Kind?])]
    )
    func `keeps are found under both spellings, and count under Barman's`(
        path: String,
        doubles: Bool,
        keeps: [KeepAnnotation.Kind?]
    ) async throws {
        let catalog = try await load(
            [
                "a/srv/base/A/backup.info": Self.info, "a/srv/base/B/backup.info": Self.info,
                "a/srv/base/A/annotations/keep": "standalone", "a//srv/base/B/annotations/keep": "full",
            ],
            path
        )
        #expect(catalog.servers.count == 1)
        let server = try #require(catalog.servers.first)
        #expect(server.backups.map(\.keep) == keeps)
        #expect(server.backups.map { $0.keeps.map(\.hasDoubledSlash) } == [[false], [true]])
        #expect(server.doublesSlashOfAnnotations == doubles)
        #expect(server.orphanAnnotations.isEmpty)
        #expect(server.usage[.annotation].objects == 2)
        #expect(server.usage.total == catalog.total)
    }

    @Test
    func `a server that lies deeper does not say how its annotations are spelled`() async throws {
        let catalog = try await load(["a/b/srv/base/A/backup.info": Self.info], "s3://b/a/")
        #expect(catalog.servers.map(\.doublesSlashOfAnnotations) == [nil])
    }

    @Test(arguments: ["a/srv/base/A/annotations/keep", "a//srv/base/A/annotations/keep"])
    func `an annotation without its backup is an orphan`(key: String) async throws {
        let catalog = try await load([key: "full", "a/srv/base/B/backup.info": Self.info], "s3://b/a/")
        let server = try #require(catalog.servers.first)
        #expect(server.backups.map(\.id) == [BackupID("B")])
        #expect(server.orphanAnnotations.map(\.backup) == [BackupID("A")])
        #expect(server.orphanAnnotations.map(\.key) == [ObjectKey(key)])
    }

    @Test(arguments: [
        ("", KeepAnnotation.Kind.empty), ("standalone", .standalone), ("standalone\n", .full), ("x", .full),
    ])
    func `an annotation means what Barman makes of its text`(text: String, kind: KeepAnnotation.Kind) async throws {
        let catalog = try await load(["s/base/A/backup.info": Self.info, "s/base/A/annotations/keep": text])
        let backup = try #require(catalog.servers.first?.backups.first)
        #expect(backup.keeps.map(\.kind) == [kind])
        #expect(backup.keep == (kind == .empty ? nil : kind))
    }

    @Test
    func `a server whose name begins another's is told apart`() async throws {
        let objects: [String: String?] = [
            Self.wal("srv", 1): nil, Self.wal("srv-2", 2): nil, Self.wal("srv/inner", 3): nil, Self.wal("srv2", 4): nil,
        ]
        let all = try await load(objects)
        #expect(all.servers.map(\.prefix) == ["srv-2/", "srv/", "srv/inner/", "srv2/"])
        #expect(all.servers.map(\.name) == ["srv-2", "srv", "inner", "srv2"])
        #expect(all.servers.map { $0.wal.runs.map(\.segments) } == [[2...2], [1...1], [3...3], [4...4]])
        #expect(try await load(objects, "s3://b", ["srv"]).servers.map(\.prefix) == ["srv/"])
        #expect(try await load(objects, "s3://b", ["srv/inner"]).servers.map(\.prefix) == ["srv/inner/"])
        #expect(try await load(objects, "s3://b", ["inner/", "srv2"]).servers.map(\.name) == ["inner", "srv2"])
        #expect(try await load(objects, "s3://b/srv").servers.map(\.prefix) == ["srv/", "srv/inner/"])
        #expect(try await load(objects, "s3://b/srv").servers.map(\.name) == ["srv", "inner"])
    }

    @Test
    func `a server that is not there is named with those that are`() async throws {
        let error = await #expect(throws: ServerNotFound.self) {
            try await self.load([Self.wal("srv", 1): nil], "s3://b/", ["serv\u{1B}"])
        }
        #expect(error?.description == "no server 'serv\\u{1B}' below s3://b/; found: srv")
        let none = await #expect(throws: ServerNotFound.self) { try await self.load([:], "s3://b/", ["srv"]) }
        #expect(none?.description == "no server 'srv' below s3://b/; no server at all was found there")
    }

    @Test
    func `servers of one name are told apart by their paths`() async throws {
        let objects: [String: String?] = [
            Self.wal("p/a/db", 1): nil, Self.wal("p/b/db", 1): nil, Self.wal("p", 1): nil,
        ]
        let error = await #expect(throws: ServerNotFound.self) { try await self.load(objects, "s3://b/p", ["x"]) }
        #expect(error?.found == ["p", "a/db", "b/db"])
        for server in error?.found ?? [] {
            #expect(try await load(objects, "s3://b/p", [server]).servers.count == 1)
        }
    }

    @Test
    func `what belongs to no server is counted outside`() async throws {
        let catalog = try await load([
            "readme": nil, "x/y": nil, "x/base/readme": nil, Self.wal("srv", 1): nil, "srv/deep/er": nil,
        ])
        #expect(catalog.servers.map(\.name) == ["srv"])
        #expect(catalog.outside.objects == 3)
        #expect(catalog.servers[0].unknownObjects.examples == ["srv/deep/er"])
        let counted = catalog.outside.objects + catalog.servers[0].usage.total.objects
        #expect(counted == catalog.total.objects)
    }

    @Test
    func `directory markers make an empty server and nothing else`() async throws {
        let catalog = try await load(["srv/": nil, "srv/base/": nil, "srv/wals/": nil])
        #expect(catalog.servers.map(\.name) == ["srv"])
        #expect(catalog.servers[0].backups.isEmpty)
        #expect(catalog.servers[0].usage.total.objects == 3)
    }

    @Test
    func `misplaced WAL is counted and not used`() async throws {
        let catalog = try await load([
            Self.wal("srv", 1): nil, "srv/wals/000000010000000000000002.gz": nil,
            "srv/wals/0000000A00000000/00000001000000000000000A.gz": nil,
            "srv/wals/0000000100000000/00000001000000000000000b.gz": nil,
        ])
        let server = try #require(catalog.servers.first)
        #expect(server.wal.runs.map(\.segments) == [1...1])
        #expect(server.misplacedWAL.objects == 3)
        #expect(server.usage[.wal].objects == 4)
    }

    @Test
    func `of two objects for one history the first in byte order counts`() async throws {
        let history = "1\t0/5000000\treason\n"
        let objects: [String: String?] = [
            "srv/wals/00000002.history": history, "srv/wals/00000002.history.gz": "not gzip",
        ]
        let catalog = try await load(objects)
        guard case .valid? = catalog.servers.first?.histories[2] else {
            Issue.record("the wrong one was read")
            return
        }
    }

    @Test(arguments: [999, 1000, 1001, 2500])
    func `goes through all pages`(count: Int) async throws {
        let keys = (0..<count).map { (Self.wal("srv", UInt64($0)), String?.none) }
        let store = store(Dictionary(uniqueKeysWithValues: keys))
        let pages = Pages()
        let loader = CatalogLoader(store: store) { pages.note($0) }
        let catalog = try await loader.load(ArchiveLocation(destinationPath: "s3://b"))
        #expect(catalog.servers[0].wal.runs.map(\.segments) == [0...UInt64(count - 1)])
        #expect(catalog.servers[0].wal.segmentCount == count)
        // One more asks whether the end was the end.
        #expect(store.statistics.list == (count + 999) / 1000 + 1)
        #expect(pages.last?.objects == count)
        #expect(pages.last?.pages == (count + 999) / 1000)
    }

    @Test
    func `reads hundreds of backups, a few at a time`() async throws {
        let keys = (0..<300).map { ("srv/base/B\($0)/backup.info", String?.some(Self.info)) }
        for atOnce in [0, 1, 7, 1000] {
            let store = store(Dictionary(uniqueKeysWithValues: keys))
            let loader = CatalogLoader(store: store, concurrency: atOnce)
            let catalog = try await loader.load(ArchiveLocation(destinationPath: "s3://b"))
            #expect(catalog.servers[0].backups.count == 300)
            #expect(catalog.servers[0].backups.allSatisfy { $0.details?.status == .done })
            #expect(catalog.servers[0].backups.map(\.id) == catalog.servers[0].backups.map(\.id).sorted())
        }
    }

    @Test
    func `a store that cannot be read is an error and no result`() async throws {
        let error = await #expect(throws: ObjectStoreError.self) {
            try await self.load(["srv/base/A/backup.info": nil])
        }
        #expect(error?.code == .unsupported)
    }

    @Test
    func `loads what a sketch draws`() async throws {
        let sketch = try ArchiveSketch(
            "1: 02-09, 0B-0F / 2 from 1@07: 07-0C / base A 1: 03-04 standalone / base B 2: 08-09 / partial 1: 0A"
        )
        let location = try ArchiveLocation(destinationPath: "s3://b", serverName: "sketch")
        let loaded = try await CatalogLoader(store: sketch.store()).load(location)
        let server = try #require(loaded.servers.first)
        #expect(server.wal.runs == sketch.catalog.wal.runs)
        #expect(server.wal.partials == sketch.catalog.wal.partials)
        #expect(server.histories == sketch.catalog.histories)
        #expect(server.backups.map(\.details) == sketch.catalog.backups.map(\.details))
        #expect(server.backups.map(\.keep) == sketch.catalog.backups.map(\.keep))
    }
}
