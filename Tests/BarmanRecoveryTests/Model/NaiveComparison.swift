import BarmanCatalog
import BarmanRecovery
import PostgresWAL

extension NaiveArchive {
    /// The first thing about which the analysis and the walk segment by segment disagree, nil where they agree.
    func disagreement(sharing parts: BackupCatalog) -> String? {
        let analysis = RecoveryAnalysis(of: catalog(sharing: parts))
        guard analysis.orphans.map(Self.segments) == orphans else { return "orphans" }
        guard Self.segments(analysis.abandoned) == abandoned else { return "abandoned" }
        var gaps = Segments()
        var standIns = Segments()
        for (index, backup) in backups.enumerated() {
            let recoveries = Self.timelines.map { recover(backup, to: $0) }
            for case let recovery? in recoveries {
                gaps.formUnion(recovery.gaps)
                standIns.formUnion(recovery.standIns)
            }
            let assessment = analysis.assessments[index]
            if let what = disagreement(on: backup, recoveries, assessment) { return what }
            let windows = analysis.windows.filter { $0.backup == assessment.backup.id }
            if let what = disagreement(on: backup, recoveries, windows) { return what }
        }
        return disagreement(on: analysis.gaps, gaps, standIns)
    }

    private func disagreement(on found: [WALGap], _ gaps: Segments, _ standIns: Segments) -> String? {
        var all = Segments()
        var firsts = Segments()
        for gap in found {
            let segments = Self.segments(gap.timeline, gap.segments)
            guard segments.subtracting(all) == segments else { return "a hole told twice" }
            all.formUnion(segments)
            if gap.parentStandsIn { firsts.formUnion(Self.segments(gap.timeline, gap.segments.prefix(1))) }
        }
        guard all == gaps else { return "gaps" }
        return firsts == standIns ? nil : "where the parent stands in"
    }

    private func disagreement(
        on backup: Backup,
        _ recoveries: [NaiveRecovery?],
        _ assessment: BackupAssessment
    ) -> String? {
        let begun = recoveries.compactMap { $0 }
        // What a later segment follows on any way is lost; anything else may still come.
        let lost = begun.reduce(into: Segments()) { $0.formUnion($1.gaps) }
        let mayCome = begun.contains { $0.missing.subtracting(lost) == $0.missing }
        let isRestorable: Bool? = begun.contains { $0.isConsistent } ? true : mayCome ? nil : false
        guard assessment.isRestorable == isRestorable else { return "restorable" }
        let missing = assessment.missingWAL.reduce(into: Segments()) {
            $0.formUnion(Self.segments($1.timeline, $1.segments))
        }
        guard begun.isEmpty || begun.contains(where: { $0.missing == missing }) else { return "missing WAL" }
        let latest = latest(from: backup.beginTimeline)
        guard assessment.latest == .timeline(TimelineID(rawValue: UInt32(latest))) else { return "latest" }
        return assessment.isOnLatest == (recoveries[latest - 1] != nil) ? nil : "whether it is on latest"
    }

    private func disagreement(
        on backup: Backup,
        _ recoveries: [NaiveRecovery?],
        _ windows: [RecoveryWindow]
    ) -> String? {
        let latest = latest(from: backup.beginTimeline)
        for window in windows {
            let target = Int(window.timeline.rawValue)
            guard let recovery = recoveries[target - 1], recovery.isConsistent, let last = recovery.last
            else { return "a window that does not exist" }
            let behind = WALSegmentSize.standard.start(of: Self.base + UInt64(last.segment) + 1)
            guard window.to.lsn == behind, window.from.lsn == Self.position(backup.end) else { return "window's ends" }
            guard (window.ending == .gap) == (recovery.gaps.bits != 0) else { return "why a window ends" }
            guard window.isLatest == (target == latest) else { return "which window latest leads to" }
            let path = recovery.timelines.drop { $0 != backup.beginTimeline }
            guard window.path.map({ Int($0.rawValue) }) == Array(path) else { return "window's path" }
        }
        for (index, recovery) in recoveries.enumerated() {
            guard let recovery, recovery.isConsistent else { continue }
            if windows.contains(where: { Int($0.timeline.rawValue) == index + 1 }) { continue }
            guard index + 1 != latest else { return "no window for latest" }
            // A window along another timeline must begin with all that this recovery reads.
            let isCovered = windows.contains { window in
                recoveries[Int(window.timeline.rawValue) - 1]?.segments.starts(with: recovery.segments) ?? false
            }
            guard isCovered else { return "a window is missing" }
        }
        return nil
    }

    private static func segments(_ runs: [WALRun]) -> Segments {
        runs.reduce(into: Segments()) { $0.formUnion(segments($1.timeline, $1.segments)) }
    }

    private static func segments(_ timeline: TimelineID, _ numbers: some Sequence<UInt64>) -> Segments {
        numbers.reduce(into: Segments()) { $0.insert(Int(timeline.rawValue), Int($1 - base)) }
    }
}
