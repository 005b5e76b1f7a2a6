import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// The exact plan, on archives drawn in a line.
struct RetentionPlanTests {
    private func plan(
        _ sketch: String,
        _ policy: RetentionPolicy = .redundancy(1),
        including inclusions: RetentionPlan.Inclusions = [.orphans],
        semantics: RetentionPlan.Semantics = .exact,
        change: (inout BackupCatalog) -> Void = { _ in }
    ) throws -> RetentionPlan {
        var catalog = try ArchiveSketch(sketch).catalog
        change(&catalog)
        // Ten days later: nothing is under way any more.
        let now = ArchiveSketch.midnight.adding(microseconds: 10 * 86_400_000_000)
        return RetentionPlan(for: catalog, under: policy, at: now, semantics: semantics, including: inclusions)
    }

    private func drawn(_ runs: [WALRun]) -> String {
        runs.map { run in
            let ends = [run.segments.lowerBound, run.segments.upperBound].map { String($0, radix: 16, uppercase: true) }
            return "\(run.timeline): \(ends[0])-\(ends[1])"
        }.joined(separator: ", ")
    }

    private func gone(_ plan: RetentionPlan) -> [String] {
        plan.decisions.filter { $0.action == .delete }.map(\.backup.description)
    }

    @Test
    func `deletes obsolete backups and the WAL before the oldest that stays`() throws {
        let plan = try plan("1: 01-20 / base A 1: 02 / base B 1: 05-06 / base C 1: 08 failed")
        #expect(plan.refusals == [])
        #expect(gone(plan) == ["A"])
        #expect(drawn(plan.wal.delete) == "1: 1-4")
        #expect(drawn(plan.wal.keep) == "1: 5-20")
        #expect(plan.decisions.map(\.reasons) == [[.beyondNewest(1)], [.amongNewest(1)], [.status(.failed)]])
        #expect(plan.windowsBefore.filter { $0.backup == BackupID("B") } == plan.windowsAfter)
    }

    @Test
    func `finds WAL before the oldest backup although no backup goes`() throws {
        let plan = try plan("1: 01-20 / base A 1: 05")
        #expect(gone(plan) == [])
        #expect(drawn(plan.wal.delete) == "1: 1-4")
    }

    @Test
    func `finds timelines that no backup reaches`() throws {
        let plan = try plan("1: 01-20 / 2 from 1@07: 07-0C / 3 from 2@0A: 0A-30 / base A 3: 0C")
        #expect(drawn(plan.wal.delete) == "1: 1-20, 2: 7-C, 3: A-B")
    }

    @Test
    func `keeps what a kept backup needs on every way`() throws {
        let plan = try plan("1: 01-20 / 2 from 1@07: 07-0C / 3 from 2@0A: 0A-30 / base A 1: 05")
        #expect(drawn(plan.wal.delete) == "1: 1-4")
    }

    @Test
    func `keeps a timeline whose past is not known`() throws {
        let sketch = "1: 01-20 / 2 from 1@07: 07-0C / 3 from 2@0A: 0A-30 / base A 3: 0C"
        let missing = try plan(sketch + " / missing history 2")
        #expect(drawn(missing.wal.delete) == "1: 1-20, 3: A-B")
        #expect(missing.wal.uncertain == [2])
        let invalid = try plan(sketch + " / invalid history 2")
        #expect(drawn(invalid.wal.delete) == "1: 1-20, 3: A-B")
    }

    @Test
    func `keeps the timeline that the archiver is on although no backup reaches it`() throws {
        let plan = try plan("1: 01-20 / 2 from 1@03: 03-30 / base A 1: 0C")
        #expect(plan.refusals == [])
        #expect(drawn(plan.wal.delete) == "1: 1-B")
        #expect(plan.wal.uncertain == [2])
    }

    @Test
    func `refuses to lose the timeline that was archived last`() throws {
        // The old primary diverged; its backup has the greater id, but the cluster lives on timeline 2.
        let plan = try plan("1: 01-20 / 2 from 1@03: 03-30 / base A 2: 0C / base B 1: 0C")
        #expect(plan.refusals == [.newestTimelineWouldGo(2)])
        // It says what it would delete.
        #expect(drawn(plan.wal.delete) == "1: 1-B, 2: 3-30")
    }

    @Test
    func `a backup kept for itself alone does not make up for the loss of the newest timeline`() throws {
        let sketch = "1: 01-20 / 2 from 1@06: 06-30 / base A 1: 05-2:07 standalone / base B 1: 0C"
        #expect(try plan(sketch).refusals == [.newestTimelineWouldGo(2)])
    }

    @Test
    func `a standalone backup outside of the policy needs its own WAL alone`() throws {
        let plan = try plan("1: 01-20 / base A 1: 03-05 standalone / base B 1: 08")
        #expect(plan.refusals == [])
        #expect(drawn(plan.wal.delete) == "1: 1-2, 1: 6-7")
        #expect(plan.windowsAfter.map(\.ending) == [.standalone, .archiveHead])
    }

    @Test
    func `a standalone backup that the policy counts on needs all of it`() throws {
        let plan = try plan("1: 01-20 / base A 1: 03-05 standalone / base B 1: 08", .redundancy(2))
        #expect(drawn(plan.wal.delete) == "1: 1-2")
    }

    @Test
    func `a standalone backup over a promotion keeps both timelines`() throws {
        let sketch = "1: 01-09 / 2 from 1@06: 06-20 / base A 1: 05-2:07 standalone / base B 2: 09"
        let plan = try plan(sketch)
        #expect(plan.refusals == [])
        #expect(drawn(plan.wal.delete) == "1: 1-4, 1: 8-9, 2: 8-8")
    }

    @Test
    func `a full keep needs everything behind it`() throws {
        let plan = try plan("1: 01-20 / base A 1: 03 full / base B 1: 05 / base C 1: 08")
        #expect(gone(plan) == ["B"])
        #expect(drawn(plan.wal.delete) == "1: 1-2")
    }

    @Test
    func `an annotation that Barman does not see keeps a backup, an empty one does not`() throws {
        let sketch = "1: 01-20 / base A 1: 03 full / base B 1: 08"
        let unseen = try plan(sketch) { $0.backups[0].keeps[0].isSeen = false }
        #expect(gone(unseen) == [])
        #expect(unseen.decisions[0].status == .obsolete)
        #expect(unseen.decisions[0].reasons == [.beyondNewest(1), .annotationNotSeen])
        let empty = try plan(sketch) { $0.backups[0].keeps[0].kind = .empty }
        #expect(gone(empty) == ["A"])
    }

    @Test
    func `a backup.info without a status may be cut off: its WAL stays, and it goes as an unfinished one`() throws {
        let sketch = "1: 01-20 / base A 1: 03 / base B 1: 08 / base C 1: 0C"
        let begun = try plan(sketch, .redundancy(1)) { catalog in
            catalog.backups[0].info =
                catalog.backups[0].details.map { details in
                    var details = details
                    details.status = .empty
                    return .read(details)
                } ?? .missing
        }
        #expect(gone(begun) == ["B"])
        #expect(drawn(begun.wal.delete) == "1: 1-2")
        let nothing: (inout BackupCatalog) -> Void = { $0.backups[0].info = .read(BackupInfo()) }
        let held = try plan(sketch, .redundancy(1), change: nothing)
        #expect(held.wal.delete == [])
        #expect(held.wal.hold == .needUnknown(BackupID("A")))
        let unfinished = try plan(sketch, .redundancy(1), including: [.unfinished, .orphans], change: nothing)
        #expect(gone(unfinished) == ["A", "B"])
        #expect(drawn(unfinished.wal.delete) == "1: 1-B")
    }

    @Test
    func `what an incremental backup builds on stays`() throws {
        let sketch = "1: 01-20 / base full 1: 03 / base g 1: 05 incremental / base h 1: 08"
        let plan = try plan(sketch)
        #expect(gone(plan) == [])
        #expect(plan.decisions[0].reasons == [.beyondNewest(1), .parent(of: BackupID("g"))])
        #expect(drawn(plan.wal.delete) == "1: 1-2")
    }

    @Test
    func `snapshots, parents and unknown fields stay`() throws {
        let sketch = "1: 01-20 / base A 1: 03 / base B 1: 08"
        func reasons(_ change: (inout BackupInfo) -> Void) throws -> [RetentionReason] {
            let plan = try plan(sketch) { catalog in
                guard var details = catalog.backups[0].details else { return }
                change(&details)
                catalog.backups[0].info = .read(details)
            }
            #expect(gone(plan) == [])
            return plan.decisions[0].reasons
        }
        #expect(try reasons { $0.isSnapshot = true } == [.beyondNewest(1), .snapshot])
        #expect(try reasons { $0.hasChildren = true } == [.beyondNewest(1), .hasChildren])
        #expect(try reasons { $0.unknownFields = ["a"] } == [.beyondNewest(1), .unknownFields(["a"])])
    }

    @Test
    func `failed and unfinished backups go only when told to`() throws {
        let sketch =
            "1: 01-20 / base A 1: 03 failed / base B 1: 04 started / base C 1: 08 / base D 1: 09 started / base E 1: 0A failed full"
        #expect(gone(try plan(sketch)) == [])
        // What was only started may still become a backup as far as its own file tells.
        #expect(drawn(try plan(sketch).wal.delete) == "1: 1-3")
        let failed = try plan(sketch, including: [.failed, .orphans])
        #expect(gone(failed) == ["A"])
        #expect(failed.decisions[4].reasons == [.status(.failed), .annotated(.full)])
        let unfinished = try plan(sketch, including: [.unfinished, .orphans])
        #expect(gone(unfinished) == ["B"])
        #expect(unfinished.decisions[3].reasons == [.status(.started), .mayBeUnderWay])
        #expect(drawn(unfinished.wal.delete) == "1: 1-7")
    }

    @Test
    func `data without backup.info holds the WAL until it is certainly dead`() throws {
        let sketch = "1: 01-20 / base A 1: 03 / base B 1: 08 / base C 1: 09"
        let dead = try plan(sketch) { $0.backups[1].info = .missing }
        #expect(gone(dead) == ["A"])
        #expect(drawn(dead.wal.delete) == "1: 1-8")
        let running = try plan(sketch) { $0.backups[2].info = .missing }
        #expect(gone(running) == ["A"])
        #expect(running.wal.hold == .needUnknown(BackupID("C")))
        #expect(running.wal.delete == [])
        #expect(
            gone(try plan(sketch, including: [.unfinished, .orphans]) { $0.backups[1].info = .missing }) == ["A", "B"]
        )
        #expect(gone(try plan(sketch, including: [.unfinished, .orphans]) { $0.backups[2].info = .missing }) == ["A"])
    }

    @Test
    func `a backup that does not say where it begins holds all WAL`() throws {
        let plan = try plan("1: 01-20 / base A 1: 03 / base B 1: 08", .redundancy(2)) { catalog in
            guard var details = catalog.backups[1].details else { return }
            details.beginLSN = LSN(rawValue: 5)
            catalog.backups[1].info = .read(details)
        }
        #expect(plan.wal.hold == .needUnknown(BackupID("B")))
        #expect(plan.wal.delete == [])
    }

    @Test
    func `without any backup all WAL stays`() throws {
        let plan = try plan("1: 01-20 / base A 1: 03 failed")
        #expect(plan.refusals == [])
        #expect(plan.wal.hold == .noBackup)
    }

    @Test(arguments: [
        ("1: 01-20 / base A 1: 03", RetentionPolicy.redundancy(0), ["the newest finished backup, A, would go"]),
        (
            "1: 01-20 / base A 1: 08 / base B 1: 05", .redundancy(1),
            ["the newest finished backup, A, would go"]
        ),
        (
            "1: 01-20 / base A 1: 03 unreadable / base B 1: 05", .redundancy(1),
            ["backup.info of A cannot be read, so nobody knows what it needs"]
        ),
        (
            "1: 01-20 / base A 1: 03 / base B 1: 05 dataless", .redundancy(1),
            ["A would go, and no backup that stays is as sure to be restorable"]
        ),
    ])
    func `refuses what is unsafe`(sketch: String, policy: RetentionPolicy, expected: [String]) throws {
        let plan = try plan(sketch, policy)
        #expect(plan.refusals.map(\.description).filter { expected.contains($0) } == expected)
        #expect(plan.isRefused)
        #expect(plan.refusals.allSatisfy { !$0.hint.isEmpty })
    }

    @Test
    func `refuses a listing that contradicts itself, and two systems under one name`() throws {
        let sketch = "1: 01-20 / base A 1: 03 / base B 1: 08"
        #expect(try plan(sketch) { $0.suspicions = ["twice"] }.refusals == [.listingSuspect(["twice"])])
        let systems = try plan(sketch) { catalog in
            for index in 0...1 {
                guard var details = catalog.backups[index].details else { return }
                details.systemIdentifier = "\(index)"
                catalog.backups[index].info = .read(details)
            }
        }
        #expect(systems.refusals.contains(.severalSystems(["0", "1"])))
    }

    @Test
    func `what Barman would cut is refused`() throws {
        // The standalone backup is the one from before the window, and Barman deletes the WAL behind it.
        let sketch = "1: 01-20 / base A 1: 02 / base B 1: 04 standalone / base C 1: 08"
        let barmans = try plan(sketch, .redundancy(2), semantics: .barman)
        #expect(drawn(barmans.wal.delete) == "1: 1-3")
        let cut = try plan(sketch + " / base D 1: 09 / base E 1: 0A", .redundancy(4), semantics: .barman)
        #expect(cut.refusals == [])
    }
}
