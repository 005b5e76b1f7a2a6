internal import BarmanCatalog
internal import BarmanRecovery
internal import PostgresWAL

/// One timeline of a JSON report.
struct TimelineDocument: Encodable {
    let timeline: UInt32
    let parent: Nullable<UInt32>
    let switchLSN: Nullable<String>
    let reason: Nullable<String>
    let history: String

    init(_ node: TimelineTree.Node) {
        timeline = node.timeline.rawValue
        parent = Nullable(node.origin?.timeline.rawValue)
        switchLSN = Nullable(node.origin?.switchPoint.description)
        reason = Nullable(node.origin?.reason)
        history = node.state.rawValue
    }
}

/// The WAL of a server in a JSON report.
struct WALDocument: Encodable {
    struct Run: Encodable {
        let timeline: UInt32
        let first: String
        let last: String
        let segments: Int
        let bytes: Int64
    }

    struct Gap: Encodable {
        let timeline: UInt32
        let first: String
        let last: String
        let segments: Int
    }

    struct Head: Encodable {
        let segment: String
        let lastModified: String
    }

    let segments: Int
    let bytes: Int64
    let firstSegment: Nullable<String>
    let lastSegment: Nullable<String>
    let runs: [Run]
    let gaps: [Gap]
    let partials: [String]
    let archiveHead: Nullable<Head>

    init(_ analysis: RecoveryAnalysis) {
        let wal = analysis.catalog.wal
        let size = wal.segmentSize
        segments = wal.segmentCount
        bytes = wal.bytes
        firstSegment = Nullable(wal.runs.first?.firstName(size: size).description)
        lastSegment = Nullable(wal.runs.last?.lastName(size: size).description)
        runs = wal.runs.map { run in
            Run(
                timeline: run.timeline.rawValue,
                first: run.firstName(size: size).description,
                last: run.lastName(size: size).description,
                segments: run.count,
                bytes: run.bytes
            )
        }
        gaps = analysis.gaps.map { gap in
            let names = [gap.segments.lowerBound, gap.segments.upperBound].map {
                WALSegmentName(timeline: gap.timeline, number: $0, size: size).description
            }
            return Gap(timeline: gap.timeline.rawValue, first: names[0], last: names[1], segments: gap.count)
        }
        partials = wal.partials.map(\.name.description)
        archiveHead = Nullable(
            wal.head.map {
                Head(segment: $0.lastName(size: size).description, lastModified: $0.lastModified.description)
            }
        )
    }
}

/// One window of a JSON report.
struct WindowDocument: Encodable {
    struct Point: Encodable {
        let time: Nullable<String>
        let lsn: String
    }

    let backup: String
    let timeline: UInt32
    let path: [UInt32]
    let latest: Bool
    let from: Point
    let to: Point
    let endsAt: String
    let restorable: Nullable<Bool>
    let evidence: String

    init(_ window: RecoveryWindow) {
        backup = window.backup.description
        timeline = window.timeline.rawValue
        path = window.path.map(\.rawValue)
        latest = window.isLatest
        from = Point(time: Nullable(window.from.time?.description), lsn: window.from.lsn.description)
        to = Point(time: Nullable(window.to.time?.description), lsn: window.to.lsn.description)
        endsAt = window.ending.rawValue
        restorable = Nullable(window.isCertain ? true : nil)
        evidence = window.evidence.rawValue
    }
}
