internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// Reports `.partial` segments that stand where no promotion left one, or in the way of a whole segment.
struct PartialSegmentCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        elsewhere(subject) + shadowed(subject)
    }

    private func elsewhere(_ subject: AuditSubject) -> [Finding] {
        subject.catalog.wal.partials.compactMap { partial in
            let forks = subject.analysis.tree.children(of: partial.name.timeline).compactMap(\.origin?.switchPoint)
            let number = partial.name.number(size: subject.size)
            // A fork on a boundary ends the segment before it; PostgreSQL then archives no partial, or an empty one.
            guard !forks.contains(where: { subject.size.segmentNumber(of: $0) == number }),
                !beginsUnknownTimeline(number, after: partial.name.timeline, subject)
            else { return nil }
            var finding = Finding(
                .partialElsewhere,
                .warning,
                "\(partial.name).partial is not at a switch of timeline \(partial.name.timeline)",
                hint: "a promotion leaves it where the new timeline begins; its history file may be missing"
            ).about(partial.name.timeline)
            finding.segment = partial.name
            return finding
        }
    }

    /// Whether a younger timeline whose history is missing has its first WAL in this segment: then its fork is here,
    /// and the missing history is finding enough.
    private func beginsUnknownTimeline(_ number: UInt64?, after parent: TimelineID, _ subject: AuditSubject) -> Bool {
        subject.analysis.tree.nodes.contains { node in
            node.timeline > parent && !node.hasKnownPast
                && subject.catalog.wal.runs(of: node.timeline).first?.segments.lowerBound == number
        }
    }

    private func shadowed(_ subject: AuditSubject) -> [Finding] {
        subject.catalog.wal.shadowed.map { run in
            Finding(
                .walShadowed,
                .error,
                "barman-cloud-wal-restore would take a .partial for \(counted(run.count, "whole segment")): "
                    + span(run.timeline, run.segments, size: subject.size),
                hint:
                    "its name sorts before the whole one's, and recovery ends with it; remove the .partial, or restore with "
                    + "--no-partial"
            ).about(run.timeline, run.segments, size: subject.size)
        }
    }
}
