import BarmanCatalog
import BarmanRecovery
import TestSupport
import Testing

/// A recovery that the WAL allows is no sure one where the backup or the listing is in doubt.
struct DoubtTests {
    private func verdict(_ change: (inout BackupCatalog) -> Void) async throws -> TargetVerdict {
        let bucket = try FixtureBucket("healthy-gzip")
        var catalog = try #require(try await bucket.catalog().servers.first)
        change(&catalog)
        let source = WALArchiveReader(store: bucket.store, catalog: catalog)
        return try await TargetSearch(RecoveryAnalysis(of: catalog), reading: source)
            .verdict(on: RecoveryTarget(.immediate), from: .explicit(catalog.backups[2].id))
    }

    private func parent(_ id: String, in catalog: inout BackupCatalog) {
        guard var details = catalog.backups[2].details else { return }
        details.parentBackupID = id
        catalog.backups[2].info = .read(details)
    }

    @Test
    func `without doubt it is reachable`() async throws {
        #expect(try await verdict { _ in }.answer == .reachable)
    }

    @Test
    func `a doubtful listing leaves the answer open`() async throws {
        #expect(try await verdict { $0.suspicions = ["it ended early"] }.answer == .undetermined)
    }

    @Test
    func `an incremental backup leaves it open, and one without its parent is lost`() async throws {
        #expect(try await verdict { parent($0.backups[0].id.description, in: &$0) }.answer == .undetermined)
        #expect(try await verdict { parent("gone", in: &$0) }.code == .backupNotRestorable)
    }
}
