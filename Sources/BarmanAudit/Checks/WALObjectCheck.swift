internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// Reports WAL objects that a restore would not deliver as what they are called, or that nobody needs.
struct WALObjectCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        let wal = subject.catalog.wal
        return wal.emptyObjects.map { empty($0, subject) }
            + wal.wrongSize.map { wrongSize($0, subject) }
            + wal.duplicates.map { duplicate($0, subject) }
            + (subject.analysis.orphans ?? []).map { orphan($0, subject) }
            + misplaced(subject)
    }

    private func empty(_ run: WALRun, _ subject: AuditSubject) -> Finding {
        Finding(
            .walEmpty,
            .error,
            "\(counted(run.count, "WAL object")) of zero bytes: \(span(run.timeline, run.segments, size: subject.size))",
            hint: "Barman restores it as an empty file, at which PostgreSQL stops with a fatal error, even in "
                + "recoveries that end shortly before it; remove the object"
        ).about(run.timeline, run.segments, size: subject.size)
    }

    private func wrongSize(_ run: WALRun, _ subject: AuditSubject) -> Finding {
        Finding(
            .walDamaged,
            .error,
            "\(counted(run.count, "uncompressed WAL object")) not of the segment size, \(subject.size.bytes) bytes: "
                + span(run.timeline, run.segments, size: subject.size),
            hint: "PostgreSQL stops with \"wrong size\" at it; look for the file in pg_wal of an instance"
        ).about(run.timeline, run.segments, size: subject.size)
    }

    private func duplicate(_ run: WALRun, _ subject: AuditSubject) -> Finding {
        Finding(
            .walDuplicate,
            .warning,
            "\(counted(run.count, "WAL segment")) in more than one object: "
                + span(run.timeline, run.segments, size: subject.size),
            hint: "Barman 3.19 delivers one and leaves the other in its spool, from where a later restore may be fed; "
                + "remove the one that should not be there"
        ).about(run.timeline, run.segments, size: subject.size)
    }

    private func orphan(_ run: WALRun, _ subject: AuditSubject) -> Finding {
        Finding(
            .walOrphan,
            .info,
            "\(counted(run.count, "WAL segment")), about \(byteCount(run.bytes)), that no backup can use: "
                + span(run.timeline, run.segments, size: subject.size),
            hint: "it lies before the oldest backup, or on a timeline that no backup reaches"
        ).about(run.timeline, run.segments, size: subject.size)
    }

    private func misplaced(_ subject: AuditSubject) -> [Finding] {
        let tally = subject.catalog.misplacedWAL
        let hint = "retention counts it, but a restore does not find it; move it to where its name belongs"
        let examples = tally.objects > tally.examples.count ? tally.examples.prefix(1) : tally.examples[...]
        return examples.map { key in
            let what =
                tally.objects > tally.examples.count
                ? "\(tally.objects) WAL objects in the wrong directory or in lower case, such as \(key)"
                : "WAL object in the wrong directory or in lower case: \(key)"
            var finding = Finding(.walMisplaced, .warning, what, hint: hint).about(key)
            let name = key.bytes.split(separator: UInt8(ascii: "/")).last.map { Array($0.prefix(24)) } ?? []
            finding.segment = WALSegmentName(String(decoding: name, as: UTF8.self))
            finding.timeline = finding.segment?.timeline
            return finding
        }
    }
}
