import BarmanCatalog
import ObjectStorage
import PostgresWAL

@testable import BarmanRecovery

/// The exact plan told anew, segment by segment, over a ``NaiveArchive``: `REDUNDANCY 1`, the last backup stays.
struct NaiveRetention {
    let archive: NaiveArchive
    /// Whether all backups but the last are kept standalone instead of being given up.
    let keepsStandalone: Bool

    /// The first thing about which the plan and this disagree, nil where they agree.
    func disagreement(sharing parts: BackupCatalog) -> String? {
        let plan = plan(sharing: parts)
        let isRefused = losesHead || !keepsStandalone && losesCertainty || losesAll
        guard plan.isRefused == isRefused else { return "whether it is refused: \(plan.refusals)" }
        let gone = Self.segments(plan.wal.delete)
        guard gone.subtracting(archive.present).bits == 0 else { return "deletes what is not there" }
        var left = archive
        left.present = archive.present.subtracting(gone)
        for (index, backup) in archive.backups.enumerated() where isKept(index) {
            for target in NaiveArchive.timelines {
                let (before, after) = (archive.recover(backup, to: target), left.recover(backup, to: target))
                guard before?.isConsistent == after?.isConsistent else { return "consistency" }
                // A standalone backup has to reach its own end, the others everything that they reached.
                if isStandalone(index) { continue }
                guard before?.segments == after?.segments, before?.missing == after?.missing,
                    before?.gaps == after?.gaps
                else { return "what is reached on timeline \(target)" }
                // The other proof names all that is read, before anything goes.
                guard let before, before.isConsistent else { continue }
                let isGuarded = before.segments.allSatisfy { segment in
                    plan.windowGuard.segments.contains(
                        TimelineID(rawValue: UInt32(segment / 16)),
                        NaiveArchive.base + UInt64(segment % 16)
                    )
                }
                guard isGuarded else { return "what is protected on timeline \(target)" }
            }
        }
        // One that is refused says what it would delete, which is then no sensible state.
        guard !isRefused else { return nil }
        return left.present == archive.present.subtracting(expected) ? nil : "what is left"
    }

    private func plan(sharing parts: BackupCatalog) -> RetentionPlan {
        var catalog = archive.catalog(sharing: parts)
        if keepsStandalone {
            for index in catalog.backups.indices.dropLast() {
                catalog.backups[index].keeps = [KeepAnnotation(kind: .standalone, key: "keep")]
            }
        }
        return RetentionPlan(
            for: catalog,
            under: .redundancy(1),
            at: TimestampTZ(rawValue: 0),
            including: includesOrphans ? .orphans : []
        )
    }

    /// Whether WAL goes that no backup could use even before: in half of the archives.
    private var includesOrphans: Bool { archive.present.bits.nonzeroBitCount % 2 == 0 }

    private func isStandalone(_ index: Int) -> Bool { keepsStandalone && index < archive.backups.count - 1 }

    private func isKept(_ index: Int) -> Bool { keepsStandalone || index == archive.backups.count - 1 }

    /// What goes: segments that are orphans to the last backup, and not within one that is kept standalone.
    private var expected: NaiveArchive.Segments {
        var alone = archive
        alone.backups = archive.backups.suffix(1)
        var gone = alone.orphans
        if let head, !isReached(head, by: alone) { gone = gone.subtracting(Self.all(of: head)) }
        for (index, backup) in archive.backups.enumerated() where isStandalone(index) {
            gone = gone.subtracting(own(backup))
        }
        return includesOrphans ? gone : gone.subtracting(archive.orphans)
    }

    /// What makes a backup consistent on any way, and the same numbers of the timelines that it names.
    private func own(_ backup: NaiveArchive.Backup) -> NaiveArchive.Segments {
        var own = NaiveArchive.Segments()
        for segment in backup.begin / 8...(backup.end - 1) / 8 {
            own.insert(backup.beginTimeline, segment)
            own.insert(backup.endTimeline, segment)
            for target in NaiveArchive.timelines where archive.recover(backup, to: target) != nil {
                let lineage = archive.lineage(to: target, own: backup.beginTimeline) ?? []
                if let leg = lineage.last(where: { $0.begin / 8 <= segment }) { own.insert(leg.timeline, segment) }
            }
        }
        return own
    }

    /// The timeline that was archived last: all objects are of one age, so it is the one with the greatest number.
    private var head: Int? {
        NaiveArchive.timelines.last { timeline in (0...15).contains { archive.present.contains(timeline, $0) } }
    }

    /// Whether some backup could use a segment of the timeline, were it there.
    private func isReached(_ timeline: Int, by some: NaiveArchive) -> Bool {
        some.backups.contains { backup in
            backup.beginTimeline == timeline
                || NaiveArchive.timelines.contains { target in
                    guard let lineage = some.lineage(to: target, own: backup.beginTimeline),
                        lineage.last(where: { $0.begin <= backup.begin })?.timeline == backup.beginTimeline
                    else { return false }
                    return (backup.begin / 8...15).contains { segment in
                        lineage.last { $0.begin / 8 <= segment }?.timeline == timeline
                    }
                }
        }
    }

    /// Whether the timeline archived last can be used by some backup, but not by the last, the only one that is
    /// kept for more than itself.
    private var losesHead: Bool {
        guard let head else { return false }
        var alone = archive
        alone.backups = archive.backups.suffix(1)
        return !isReached(head, by: alone) && isReached(head, by: archive)
    }

    /// Whether something goes and no backup that stays can be restored afterwards.
    private var losesAll: Bool {
        var left = archive
        left.backups = archive.backups.enumerated().filter { isKept($0.offset) }.map(\.element)
        left.present = archive.present.subtracting(expected)
        guard left.backups.count < archive.backups.count || left.present != archive.present else { return false }
        let after = NaiveRetention(archive: left, keepsStandalone: keepsStandalone)
        return left.backups.allSatisfy { after.certainty(of: $0) == 0 }
    }

    /// Whether a backup that goes is more surely restorable than the one that stays.
    private var losesCertainty: Bool {
        let certainties = archive.backups.map(certainty)
        guard let last = certainties.last else { return false }
        return certainties.dropLast().contains { $0 > last }
    }

    private func certainty(of backup: NaiveArchive.Backup) -> Int {
        let begun = NaiveArchive.timelines.compactMap { archive.recover(backup, to: $0) }
        let lost = begun.reduce(into: NaiveArchive.Segments()) { $0.formUnion($1.gaps) }
        if begun.contains(where: \.isConsistent) { return 2 }
        return begun.contains { $0.missing.subtracting(lost) == $0.missing } ? 1 : 0
    }

    private static func all(of timeline: Int) -> NaiveArchive.Segments {
        (0...15).reduce(into: NaiveArchive.Segments()) { $0.insert(timeline, $1) }
    }

    private static func segments(_ runs: [WALRun]) -> NaiveArchive.Segments {
        runs.reduce(into: NaiveArchive.Segments()) { all, run in
            for number in run.segments { all.insert(Int(run.timeline.rawValue), Int(number - NaiveArchive.base)) }
        }
    }
}
