import BarmanCatalog
import ObjectStorage
import Testing

@testable import BarmanAudit

/// What a person reads behind a deletion.
struct DeletionTextTests {
    private func lines(_ change: (inout ArchivePruner.Tally) -> Void) -> [String] {
        var tally = ArchivePruner.Tally()
        change(&tally)
        var report = DeletionReport(digest: "sha256:0")
        report.servers = [.init(prefix: "db/", planned: 9, tally: tally)]
        return DeletionText(report, style: TextStyle(width: 200)).lines
    }

    private func failure(_ key: ObjectKey, _ outcome: DeletionOutcome) -> ArchivePruner.Event {
        .init(object: ObjectSummary(key: key, size: 1, lastModified: 0), outcome: outcome)
    }

    @Test
    func `all is gone`() {
        let lines = lines { ($0.deleted, $0.deletedBytes) = (9, 2048) }
        #expect(
            lines == [
                "db", "deleted 9 objects of 9, 2.00 KiB",
                "done: nothing of the plan is listed any more, everything else still is",
            ]
        )
    }

    @Test
    func `nothing was to be done`() {
        let report = DeletionReport(digest: "sha256:0")
        #expect(DeletionText(report, style: TextStyle(width: 80)).lines == ["nothing to delete"])
    }

    @Test
    func `a bucket that keeps versions frees no space`() {
        #expect(
            lines { $0.hidden = 9 }[2]
                == "9 objects only hidden: the bucket keeps versions, so no space is freed until the old ones are "
                + "deleted, and what is locked stays until its lock ends"
        )
    }

    @Test
    func `what could not be deleted is named, with the reason`() {
        let lines = lines { tally in
            (tally.deleted, tally.failed, tally.leftWAL, tally.remaining) = (2, 3, true, 7)
            tally.failures = [
                failure("a", .failed(ObjectStoreError(.accessDenied, "a lock is on it"))), failure("b", .unknown),
            ]
        }
        #expect(
            lines.dropFirst(2) == [
                "3 objects could not be deleted:", "  a: a lock is on it",
                "  b: the store did not say what became of it", "  … and 1 more, which --log FILE names",
                "WAL was left alone: first the backups that it served have to be gone",
                "7 objects of the plan still listed", "not done: some of the plan is still there; run it again",
            ]
        )
    }
}
