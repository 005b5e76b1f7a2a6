import BarmanCatalog
import PostgresWAL
import TestSupport
import Testing

struct ArchiveSketchTests {
    @Test
    func `draws segments, a fork and a backup`() throws {
        let catalog = try ArchiveSketch("1: 02-09, 0B-0F / 2 from 1@07: 07-0C / base A 1: 03-04").catalog
        #expect(catalog.wal.runs.map(\.timeline) == [1, 1, 2])
        #expect(catalog.wal.runs.map(\.segments) == [2...9, 0xB...0xF, 7...0xC])
        #expect(catalog.wal.runs[1].firstModified == ArchiveSketch.time(of: 0xB))
        let point = LSN(rawValue: 0x0780_0000)
        let entry = TimelineHistory.Entry(timeline: 1, switchPoint: point, reason: "no recovery target specified")
        #expect(catalog.histories == [2: .valid(TimelineHistory(timeline: 2, entries: [entry]))])
        let details = catalog.backups[0].details
        #expect(catalog.backups[0].id == BackupID("A"))
        #expect(details?.beginWAL?.description == "000000010000000000000003")
        #expect(details?.endWAL?.description == "000000010000000000000004")
        #expect(details?.beginLSN == LSN(rawValue: 0x0300_0028))
        #expect(catalog.backups[0].data.isComplete == true)
    }

    @Test
    func `draws the odd ones too`() throws {
        let catalog = try ArchiveSketch(
            """
            size 64 / 1: / 2 from 1@05.0: 05 / 3 from 2@06: / missing history 2 / invalid history 4 \
            / partial 1: 06 / base B 1: 04+-2:05.0 standalone / base A 2: 05 dataless failed
            """
        ).catalog
        #expect(catalog.wal.segmentSize.bytes == 64 << 20)
        #expect(catalog.histories.keys.sorted() == [3, 4])
        #expect(catalog.wal.partials.map(\.name.description) == ["000000010000000000000006"])
        #expect(catalog.backups.map(\.id) == [BackupID("A"), BackupID("B")])
        #expect(catalog.backups[0].details?.status == .failed)
        #expect(catalog.backups[0].data.isComplete == false)
        #expect(catalog.backups[1].keep == .standalone)
        #expect(catalog.backups[1].details?.endLSN == LSN(rawValue: 5 * 64 << 20))
        #expect(catalog.backups[1].details?.endWAL?.timeline == 2)
    }

    @Test(arguments: [
        "1", "x: 02", "1: 09-02", "1: 0G", "2 of 1@07: 07", "2 from 1: 07", "base A", "base A 1: 03 lazy",
        "base A 1: 03-04-05", "missing 2", "size 3", "base A 1: 03!",
    ])
    func `refuses what it cannot draw`(text: String) {
        #expect(throws: SketchError.self) { try ArchiveSketch(text) }
    }
}
