import BarmanCatalog
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

@testable import BarmanRecovery

/// Which keys the proof would not see deleted, whatever a plan says.
struct WindowGuardTests {
    /// The keys of a drawn archive that recoveries from these backups may read, without the server's directory.
    private func needed(_ sketch: String, _ kept: Set<BackupID>, standalone: Set<BackupID> = []) throws -> [String] {
        let drawn = try ArchiveSketch(sketch)
        let window = WindowGuard(of: RecoveryAnalysis(of: drawn.catalog), keeping: kept, standalone: standalone)
        let reader = ArchiveEntryReader(of: drawn.catalog)
        let keys = drawn.objects.keys.sorted().filter { key in
            reader.entry(for: key).map { window.needs($0, size: drawn.size) } ?? false
        }
        return keys.map { "\($0)".split(separator: "/").last.map(String.init) ?? "" }
    }

    @Test
    func `a backup, and all WAL behind its begin`() throws {
        let keys = try needed("1: 01-06 / base A 1: 02 / base B 1: 04-05", [BackupID("B")])
        #expect(
            keys == ["backup.info", "data.tar.gz"] + (4...6).map { "00000001000000000000000\($0).gz" }
        )
    }

    @Test
    func `of a standalone backup itself alone`() throws {
        let kept: Set = [BackupID("A")]
        let keys = try needed("1: 01-06 / base A 1: 02-03", kept, standalone: kept)
        #expect(keys.filter { $0.hasPrefix("0") } == (2...3).map { "00000001000000000000000\($0).gz" })
    }

    @Test
    func `both ways at a fork, histories, and a partial where the whole segment is not`() throws {
        let sketch = "1: 01-03, 05-06 / 2 from 1@03: 03-05 / partial 1: 03 / partial 1: 04 / base A 1: 02"
        let keys = try needed(sketch, [BackupID("A")])
        #expect(
            keys.filter { $0.hasPrefix("0") } == [
                "000000010000000000000002.gz", "000000010000000000000003.gz", "000000010000000000000004.partial",
                "00000002.history", "000000020000000000000003.gz", "000000020000000000000004.gz",
                "000000020000000000000005.gz",
            ]
        )
    }

    @Test
    func `of a backup that nothing can restore its own objects, and no WAL`() throws {
        let keys = try needed("1: 01-06 / base A 1: 02 dataless", [BackupID("A")])
        #expect(keys == ["backup.info"])
    }
}
