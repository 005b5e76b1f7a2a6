internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// The answer to a recovery target as JSON.
struct CheckDocument: Encodable {
    struct Target: Encodable {
        let kind: String
        let value: Nullable<String>
        let inclusive: Bool
        let timeline: String
    }

    struct Backup: Encodable {
        let id: String
        let selectedBy: String
    }

    struct Missing: Encodable {
        let timeline: UInt32
        let first: String
        let last: String
        let segments: Int
    }

    struct WAL: Encodable {
        let first: Nullable<String>
        let last: Nullable<String>
        let segments: UInt64
        let bytes: Int64
        let opened: Int
        let missing: [Missing]
    }

    struct Landing: Encodable {
        let time: Nullable<String>
        let lsn: String
        let timeline: UInt32
    }

    struct Point: Encodable {
        let time: String
        let lsn: String
    }

    struct Nearest: Encodable {
        let before: Nullable<Point>
        let after: Nullable<Point>
    }

    let schemaVersion = 1
    let verdict: String
    let code: String
    let reason: String
    let hint: Nullable<String>
    let target: Target
    let server: String
    let backup: Nullable<Backup>
    let path: [UInt32]
    let wal: WAL
    let landsAt: Nullable<Landing>
    let nearest: Nearest
    let evidence: String
    let findings: [FindingDocument]

    init(_ report: CheckReport) {
        let verdict = report.verdict
        self.verdict = verdict.answer.rawValue
        code = verdict.code.rawValue
        reason = verdict.reason
        hint = Nullable(verdict.hint)
        target = Target(
            kind: report.target.kindName,
            value: Nullable(report.target.valueText.map { printable($0) }),
            inclusive: report.target.isInclusive,
            timeline: report.target.timelineText
        )
        server = report.server
        backup = Nullable(verdict.backup.map { Backup(id: $0.description, selectedBy: report.selection.name) })
        path = verdict.path.map(\.rawValue)
        wal = WAL(
            first: Nullable(verdict.firstSegment?.description),
            last: Nullable(verdict.lastSegment?.description),
            segments: verdict.segments,
            bytes: verdict.bytes,
            opened: verdict.opened,
            missing: verdict.missing.map { missing in
                Missing(
                    timeline: missing.timeline.rawValue,
                    first: missing.name(of: missing.segments.lowerBound, size: report.segmentSize),
                    last: missing.name(of: missing.segments.upperBound, size: report.segmentSize),
                    segments: missing.segments.count
                )
            }
        )
        landsAt = Nullable(
            verdict.landsAt.map {
                Landing(time: Nullable($0.time?.description), lsn: $0.lsn.description, timeline: $0.timeline.rawValue)
            }
        )
        nearest = Nearest(
            before: Nullable(verdict.before.map { Point(time: $0.time.description, lsn: $0.lsn.description) }),
            after: Nullable(verdict.after.map { Point(time: $0.time.description, lsn: $0.lsn.description) })
        )
        evidence = verdict.evidence.rawValue
        findings = report.findings.map(FindingDocument.init)
    }
}

extension MissingSegments {
    /// The name of one of the segments.
    fileprivate func name(of number: UInt64, size: WALSegmentSize) -> String {
        WALSegmentName(timeline: timeline, number: number, size: size).description
    }
}
