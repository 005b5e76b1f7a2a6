internal import BarmanCatalog
internal import PostgresWAL

/// Judges a target by the listing alone: names can refute it, and never prove it.
///
/// That a segment is there says nothing of what is in it.
struct NamesJudgement {
    let target: RecoveryTarget
    let extent: BackupExtent
    let wal: RecoveryPath
    let catalog: BackupCatalog

    var verdict: TargetVerdict {
        let missing = wal.missing(through: extent.lastSegment)
        if let first = missing.first {
            guard !hasOther(first.timeline, first.segments.lowerBound) else {
                return open("an object of another kind lies where the backup needs a segment")
            }
            return TargetVerdict(
                .unreachable,
                .walGapInBackup,
                "WAL of the backup itself is not in the archive",
                hint: "choose another backup"
            )
        }
        guard case .lsn(let lsn) = target.kind, let end = wal.end, end.segment < .max else { return open() }
        let size = catalog.wal.segmentSize
        // A partial segment may follow the last whole one, but no more than one.
        guard end.segment < .max - 2, lsn >= size.start(of: end.segment + 2) else { return open() }
        guard wal.gaps.isEmpty else {
            if let gap = wal.gaps.first, hasOther(gap.timeline, gap.segments.lowerBound) { return open() }
            return TargetVerdict(
                .unreachable,
                .walGap,
                "WAL is missing before it, from \(name(end.segment + 1)) on",
                hint: "no recovery from this backup comes past it"
            )
        }
        return TargetVerdict(.unreachable, .lsnNotArchived, "the archive ends before it, with \(name(end.segment))")
    }

    private func open(_ reason: String = "nothing in the names speaks against it") -> TargetVerdict {
        TargetVerdict(
            .undetermined,
            .evidenceIncomplete,
            "\(reason); what the WAL holds, names do not tell",
            hint: "--evidence records opens the few objects that decide"
        )
    }

    /// Whether a restore may be handed another object in place of a segment that is missing: a `.partial`, or one
    /// that the names call unusable.
    private func hasOther(_ timeline: TimelineID, _ segment: UInt64) -> Bool {
        let isPartial = catalog.wal.partials.contains {
            $0.name.timeline == timeline && $0.name.number(size: catalog.wal.segmentSize) == segment
        }
        return isPartial || catalog.wal.unusableCount(of: timeline, in: segment...segment) > 0
    }

    private func name(_ number: UInt64) -> WALSegmentName {
        WALSegmentName(timeline: wal.path.timeline(of: number), number: number, size: catalog.wal.segmentSize)
    }
}

extension RecoveryPath {
    /// What the stored objects of the first segments have in bytes, shared out evenly in a run of which only a part
    /// counts.
    func bytes(of count: UInt64, in wal: WALInventory) -> Int64 {
        guard count > 0 else { return 0 }
        let last = count - 1 > .max - start ? .max : start + (count - 1)
        return path.legs.reduce(into: Int64(0)) { sum, leg in
            let first = max(leg.segments.lowerBound, start)
            guard first <= last, first < leg.segments.upperBound else { return }
            let needed = first...min(leg.segments.upperBound - 1, last)
            for run in wal.runs(of: leg.timeline) where run.segments.overlaps(needed) {
                let part = run.segments.clamped(to: needed)
                let share = Double(part.upperBound - part.lowerBound + 1) / Double(run.count)
                sum += share == 1 ? run.bytes : Int64(Double(run.bytes) * share)
            }
        }
    }
}
