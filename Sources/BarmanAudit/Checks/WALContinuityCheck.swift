internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports every hole that a recovery from some backup would come to.
///
/// PostgreSQL takes a missing segment for the end of the WAL and promotes there without a word, so everything
/// behind a hole is out of reach from the backups before it. Where the hole is the child's copy of a switch
/// segment, it even goes on with the parent's records behind the fork.
struct WALContinuityCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        subject.analysis.gaps.flatMap { gap -> [Finding] in
            if isPending(gap, subject) { return [pending(gap, subject)] }
            var findings: [Finding] = []
            if gap.parentStandsIn { findings.append(standIn(gap, subject)) }
            // Segments that are there but unusable have findings of their own, which say why.
            let isLost = subject.catalog.wal.unusableCount(of: gap.timeline, in: gap.segments) < gap.count
            if isLost, !gap.parentStandsIn || gap.count > 1 { findings.append(lost(gap, subject)) }
            return findings
        }
    }

    /// Whether the hole may be uploads under way: young, close under the head, and no backup begins behind it.
    private func isPending(_ gap: WALGap, _ subject: AuditSubject) -> Bool {
        guard subject.isYoung(gap.followedAt),
            let newest = subject.catalog.wal.runs(of: gap.timeline).last?.segments.upperBound,
            newest < gap.segments.lowerBound &+ AuditOptions.mostUploadsAtOnce
        else { return false }
        return !subject.analysis.assessments.contains { assessment in
            guard let extent = assessment.extent else { return false }
            return extent.beginTimeline >= gap.timeline && extent.firstSegment > gap.segments.upperBound
        }
    }

    private func lost(_ gap: WALGap, _ subject: AuditSubject) -> Finding {
        Finding(
            .walGap,
            .error,
            "\(counted(gap.count, "WAL segment")) missing on timeline \(gap.timeline): "
                + span(gap.timeline, gap.segments, size: subject.size),
            hint: wayOut(of: gap, subject)
        ).about(gap.timeline, gap.segments, size: subject.size)
    }

    /// Whether there is a backup behind the hole already.
    private func wayOut(of gap: WALGap, _ subject: AuditSubject) -> String {
        let behind = subject.analysis.assessments.first { assessment in
            guard let extent = assessment.extent, assessment.isRestorable == true else { return false }
            return extent.beginTimeline >= gap.timeline && extent.firstSegment > gap.segments.upperBound
        }
        let lost = "nothing behind it can be reached from a backup before it"
        guard let behind else {
            return "\(lost): look for the files in pg_wal of the instances, else take a base backup now"
        }
        return "\(lost); restores from \(behind.backup.id) on do not cross it"
    }

    private func pending(_ gap: WALGap, _ subject: AuditSubject) -> Finding {
        return Finding(
            .walGapPending,
            .info,
            "\(counted(gap.count, "WAL segment")) not there yet on timeline \(gap.timeline): "
                + "\(span(gap.timeline, gap.segments, size: subject.size)), followed by one written \(subject.age(of: gap.followedAt))",
            hint: "segments are uploaded in parallel; audit again later"
        ).about(gap.timeline, gap.segments, size: subject.size)
    }

    private func standIn(_ gap: WALGap, _ subject: AuditSubject) -> Finding {
        let first = gap.segments.lowerBound
        let name = WALSegmentName(timeline: gap.timeline, number: first, size: subject.size)
        return Finding(
            .switchSegmentMissing,
            .error,
            "timeline \(gap.timeline) lacks its copy of the switch segment, \(name); its parent's copy is there",
            hint: "PostgreSQL would replay the parent's copy past the fork and end with abandoned data; "
                + "do not restore across it, take a base backup now"
        ).about(gap.timeline, first...first, size: subject.size)
    }
}
