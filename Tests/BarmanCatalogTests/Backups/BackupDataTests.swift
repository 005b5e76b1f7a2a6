import BarmanCatalog
import ObjectStorage
import PostgresWAL
import Testing

struct BackupDataTests {
    /// A backup of these tars and tablespaces.
    private func data(
        _ tars: [BackupTar: Int64],
        tablespaces: [UInt32] = [],
        isSnapshot: Bool = false
    ) -> BackupData {
        var info = BackupInfo()
        info.tablespaces = tablespaces.map { BackupInfo.Tablespace(name: "t", oid: $0, location: "/t") }
        info.isSnapshot = isSnapshot
        var backup = BaseBackup(id: BackupID("A"), info: .read(info), lastModified: TimestampTZ(rawValue: 0))
        backup.tars = tars
        return backup.data
    }

    private static let first = BackupTar()
    private static func part(_ number: Int) -> BackupTar { BackupTar(part: number) }
    private static func space(_ number: Int) -> BackupTar { BackupTar(tablespace: 16387, part: number) }

    @Test
    func `one tar is complete`() {
        let data = data([Self.first: 100])
        #expect(data.missing.isEmpty && data.empty.isEmpty && data.uncertain.isEmpty)
        #expect(data.isComplete == true)
    }

    @Test
    func `no tar at all is incomplete`() {
        #expect(data([:]).missing == [Self.first])
        #expect(data([:]).isComplete == false)
    }

    @Test
    func `a snapshot needs no tar, and a bucket cannot tell whether it is there`() {
        #expect(data([:], isSnapshot: true).missing == [])
        #expect(data([:], isSnapshot: true).isComplete == nil)
    }

    @Test
    func `every tablespace needs its own`() {
        let space = BackupTar(tablespace: 16387)
        #expect(data([Self.first: 100], tablespaces: [16387]).missing == [space])
        #expect(data([Self.first: 100, space: 10], tablespaces: [16387]).isComplete == true)
        #expect(data([space: 10], tablespaces: [16387]).missing == [Self.first])
    }

    @Test
    func `a tar of no tablespace of the backup does not matter`() {
        #expect(data([Self.first: 100, BackupTar(tablespace: 1, part: 5): 0]).isComplete == true)
    }

    @Test
    func `a number left out in a split series is missing`() {
        let data = data([Self.first: 100, Self.part(3): 1])
        #expect(data.missing == [Self.part(1), Self.part(2)])
        #expect(data.isComplete == false)
        #expect(self.data([Self.part(1): 1]).missing == [Self.first])
    }

    @Test
    func `a split series whose last part is its smallest is complete`() {
        #expect(data([Self.first: 100, Self.part(1): 120, Self.part(2): 5]).isComplete == true)
    }

    @Test
    func `after a part as large as the others one more may have followed`() {
        let data = data([Self.first: 100, Self.part(1): 100])
        #expect(data.uncertain == [Self.part(1)])
        #expect(data.isComplete == nil)
    }

    /// What a backup looks like from which the last part of a series was deleted.
    @Test(
        arguments: [
            ([part(0): 100, part(1): 120], [part(1)]),
            ([part(0): 100, part(1): 50], [part(1)]),
            ([part(0): 100, part(1): 49], []),
            ([part(0): 101, part(1): 50], []),
            ([part(0): 100, part(1): 5, space(0): 90], [space(0)]),
            ([part(0): 100, part(1): 5, space(0): 40], []),
            ([part(0): 60, space(0): 100, space(1): 5], [part(0)]),
            ([part(0): 100, space(0): 100], []),
            ([part(0): 100, part(1): 70, part(2): 34, space(0): 20], []),
            ([part(0): 100, part(1): 70, part(2): 35, space(0): 35], [part(2), space(0)]),
        ] as [([BackupTar: Int64], [BackupTar])]
    )
    func `behind a part that may be full another may be missing`(tars: [BackupTar: Int64], uncertain: [BackupTar]) {
        let data = data(tars, tablespaces: tars.keys.contains { $0.tablespace != nil } ? [16387] : [])
        #expect(data.uncertain == uncertain)
        #expect(data.isComplete == (uncertain.isEmpty ? true : nil))
    }

    @Test
    func `an empty part does not say how large a full one is`() {
        #expect(data([Self.first: 0, Self.part(1): 1]).uncertain.isEmpty)
        #expect(data([Self.first: 1, Self.part(1): 0]).uncertain.isEmpty)
    }

    @Test
    func `an empty tar is not data`() {
        let data = data([Self.first: 0, Self.part(1): 0])
        #expect(data.empty == [Self.first, Self.part(1)])
        #expect(data.isComplete == false)
    }

    @Test
    func `a wild number does not name a million parts`() {
        #expect(data([Self.first: 1, Self.part(9_999_999_999): 1]).missing.count == 1000)
    }

    @Test(arguments: [
        (BackupTar(), "data.tar"), (BackupTar(part: 1), "data_0001.tar"), (BackupTar(part: 12_345), "data_12345.tar"),
        (BackupTar(tablespace: 16387), "16387.tar"), (BackupTar(tablespace: 16387, part: 10), "16387_0010.tar"),
    ])
    func `a tar prints as Barman names it`(tar: BackupTar, name: String) {
        #expect(tar.description == name)
    }
}

struct StrayPartTests {
    @Test(arguments: ["data_foo", "data_1.tar", "data_0001.tar.zst", "16387_old.tar.gz"])
    func `what Barman would take for a part leaves it open whether a restore succeeds`(name: String) async throws {
        let store = MemoryObjectStore([
            "srv/base/A/backup.info": .init(Array("status=DONE\n".utf8)),
            "srv/base/A/data.tar.gz": .init([1]),
            ObjectKey("srv/base/A/\(name)"): .init([1]),
        ])
        let catalog = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: "s3://b"))
        let backup = try #require(catalog.servers.first?.backups.first)
        #expect(backup.data.strayParts == 1)
        #expect(backup.data.isComplete == nil)
    }
}
