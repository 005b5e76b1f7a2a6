import BarmanCatalog
import BarmanRecovery
import PostgresWAL
import TestSupport
import Testing

/// Every text about retention that a user can see.
struct RetentionMessageTests {
    private static let id = BackupID("A")
    private static let start = ArchiveSketch.midnight

    private static let reasons: [(RetentionReason, String)] = [
        (.insideWindow(start), "ended inside of the recovery window, which begins 2026-11-20T00:00:00Z"),
        (
            .startsWindow(start),
            "the newest from before 2026-11-20T00:00:00Z: recoveries to the begin of the window start from it"
        ),
        (.beforeWindow(start), "older than what recoveries to 2026-11-20T00:00:00Z and later start from"),
        (.amongNewest(3), "among the newest 3"), (.beyondNewest(3), "not among the newest 3"),
        (.minimumRedundancy(2), "kept by the minimum redundancy of 2"), (.annotated(.full), "annotated: keep full"),
        (.annotated(.standalone), "annotated: keep standalone"),
        (.endTimeUnknown, "finished, but backup.info does not say when"),
        (.status(.failed), "status FAILED, which no policy is about"),
        (.noBackupInfo, "no backup.info, so that Barman ignores it"),
        (.backupInfoUnreadable, "backup.info cannot be read"),
        (.incremental, "incremental, which no policy is about"),
        (.annotationNotSeen, "annotated under a key that Barman does not look at with this location"),
        (.hasChildren, "incremental backups build on it"), (.parent(of: id), "incremental backup A builds on it"),
        (.snapshot, "its data are volume snapshots outside of the bucket"),
        (.unknownFields(["a\u{1B}", "b"]), "backup.info has unknown fields: a\\u{1B}, b"),
        (.mayBeUnderWay, "may still be under way"),
        (.cannotBeRestored, "cannot be restored (audit says why)"), (.failed, "failed"),
        (.neverFinished, "never finished, and a finished one is newer"),
        (.notNeeded, "no backup that is kept needs it"), (.annotation(of: id), "annotation of A, which is deleted"),
        (.orphanAnnotation, "annotation of a backup that is gone"),
        (.deletedWith(id), "Barman deletes it together with A"),
    ]

    @Test(arguments: reasons)
    func `says why`(reason: RetentionReason, text: String) {
        #expect(reason.description == text)
    }

    private static let refusals: [(RetentionRefusal, String)] = [
        (.listingSuspect(["twice"]), "the listing is suspect: twice"),
        (.unreadableBackup(id), "backup.info of A cannot be read, so nobody knows what it needs"),
        (.severalSystems(["1", "2"]), "backups of 2 database systems lie here: 1, 2"),
        (.newestBackupWouldGo(id), "the newest finished backup, A, would go"),
        (.restorableBackupWouldGo(id), "A would go, and no backup that stays is as sure to be restorable"),
        (.newestTimelineWouldGo(2), "timeline 2, which was archived last, could not be recovered any more"),
        (
            .barmanWouldStop(.noEndTime(id)),
            "barman-cloud-backup-delete would stop with an error: A is finished and has no end time"
        ),
        (.tooManyOddNames, "there are too many objects of odd names to tell what Barman would delete"),
    ]

    @Test(arguments: refusals)
    func `says what is refused`(refusal: RetentionRefusal, text: String) {
        #expect(refusal.description == text)
        #expect(!refusal.hint.isEmpty)
    }

    @Test
    func `a window that would shrink`() throws {
        let windows = RecoveryAnalysis(of: try ArchiveSketch("1: 01-20 / base A 1: 03").catalog).windows
        let window = try #require(windows.first)
        let nothing = RetentionRefusal.windowWouldShrink(Self.id, before: window, after: nil)
        #expect(
            nothing.description
                == "recoveries from A on timeline 1 reach 0/21000000, afterwards they would reach nothing"
        )
        let changes: [(String, (inout RecoveryWindow) -> Void)] = [
            ("reach 0/21000000, afterwards they would reach 0/5", { $0.to.lsn = LSN(rawValue: 5) }),
            ("come through timelines 1, afterwards through 1, 2", { $0.path = [1, 2] }),
            ("are what latest leads to, afterwards latest would lead elsewhere", { $0.isLatest = false }),
            (
                "end at 0/21000000 because of archive-head, afterwards it would be because of gap",
                { $0.ending = .gap }
            ),
            (
                "are sure to be possible as far as names tell, afterwards they would not be sure",
                { $0.isCertain = false }
            ),
            ("afterwards with WAL stored at an unknown time", { $0.to.time = nil }),
            ("begin at 0/3400000, afterwards they would begin at 0/5", { $0.from.lsn = LSN(rawValue: 5) }),
        ]
        for (text, change) in changes {
            var other = window
            change(&other)
            let refusal = RetentionRefusal.windowWouldShrink(Self.id, before: window, after: other)
            #expect(refusal.description.hasSuffix(text), "\(refusal)")
        }
    }

    private static let stops: [(BarmanStop, String)] = [
        (.unreadable(id), "backup.info of A cannot be read"),
        (.unknownField(id, "f"), "backup.info of A has the field 'f', which it does not know"),
        (.hasChildren(id), "incremental backups build on A"),
        (.unsortableTars(id), "it cannot sort the continuations of a tar of A"),
        (.noBeginWAL(id), "A does not say where its WAL begins"),
    ]

    @Test(arguments: stops)
    func `says where Barman stops`(stop: BarmanStop, text: String) {
        #expect(stop.description == text)
    }

    @Test
    func `says why all WAL stays`() {
        let unknown = WALCleanup.Hold.needUnknown(Self.id)
        #expect(unknown.description == "backup A may need WAL and does not say from where on")
        #expect(
            WALCleanup.Hold.noBackup.description
                == "no finished backup stays, and it may be what a base backup elsewhere needs"
        )
    }
}
