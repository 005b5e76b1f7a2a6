public import BarmanCatalog
public import BarmanRecovery
internal import ObjectStorage
public import PostgresWAL

/// An archive drawn in a line, so that a test shows its case.
///
/// ```
/// 1: 02-09, 0B-0F / 2 from 1@07: 07-0C / base A 1: 03-04
/// ```
/// Parts stand between slashes, numbers of segments are hexadecimal:
/// - `1: 02-09, 0B` — timeline 1 has these segments; none behind the colon is allowed.
/// - `2 from 1@07: 07-0C` — timeline 2 left timeline 1 inside segment 07. Describe parents first.
/// - `base A 1: 03-04` — backup `A` of timeline 1 from segment 03 to 04; `base A 1: 06-2:08` ends on timeline 2.
///   Behind it may stand `standalone` or `full` (kept), `failed`, `started`, `dataless` (no tar), `unreadable`,
///   `incremental`.
/// - `partial 1: 07`, `missing history 2`, `invalid history 2`, `size 64` (megabytes a segment).
///
/// A segment may be followed by `.0` for its very beginning, or by `+` for a place behind a fork in it. Without,
/// a backup begins and ends before a fork inside of the same segment.
///
/// The object of segment n was stored n minutes after ``midnight``; backups begin and end by the same clock.
public struct ArchiveSketch: Sendable {
    /// What was drawn.
    public let catalog: BackupCatalog

    /// The size of a segment.
    public var size: WALSegmentSize { catalog.wal.segmentSize }

    /// 2026-11-20T00:00:00Z, from which the times are counted.
    public static let midnight = TimestampTZ(rawValue: 848_448_000_000_000)

    /// When segment `number` was stored.
    public static func time(of number: UInt64) -> TimestampTZ {
        midnight.adding(microseconds: Int64(clamping: number) &* 60_000_000)
    }

    /// The path to a timeline: by its history, or that timeline alone where none was drawn.
    public func path(to timeline: TimelineID) -> TimelinePath {
        guard case .valid(let history)? = catalog.histories[timeline] else { return TimelinePath(of: timeline) }
        return TimelinePath(to: history, size: size)
    }

    /// The archive that `text` draws.
    public init(_ text: String) throws(SketchError) {
        var parser = SketchParser()
        let parts = text.split(separator: "/").map { String($0) }
        // The size first: all positions depend on it.
        for part in parts where part.words.first == "size" { try parser.read(part) }
        for part in parts where part.words.first != "size" { try parser.read(part) }
        catalog = parser.catalog
    }
}

/// A text that draws no archive.
public struct SketchError: Error, CustomStringConvertible {
    /// What could not be read.
    public var description: String
}

/// Reads the parts of a sketch.
private struct SketchParser {
    private var size = WALSegmentSize.standard
    private var segments: [TimelineID: Set<UInt64>] = [:]
    private var ancestors: [TimelineID: [TimelineHistory.Entry]] = [:]
    private var histories: [TimelineID: BackupCatalog.History] = [:]
    private var backups: [BaseBackup] = []
    private var partials: [PartialSegment] = []

    var catalog: BackupCatalog {
        BackupCatalog(
            name: "sketch",
            prefix: "sketch/",
            backups: backups.sorted { $0.id < $1.id },
            wal: WALInventory(
                runs: segments.keys.sorted().flatMap { timeline in runs(of: timeline) },
                partials: partials,
                segmentSize: size
            ),
            histories: histories
        )
    }

    mutating func read(_ part: String) throws(SketchError) {
        let words = part.words
        switch words.first {
        case "size":
            guard words.count == 2, let megabytes = Int(words[1]), let size = WALSegmentSize(bytes: megabytes << 20)
            else { throw SketchError(description: "no segment size: \(part)") }
            self.size = size
        case "partial":
            let (timeline, ranges) = try timeline(of: part.dropFirst("partial".count + part.leadingBlanks))
            partials += try numbers(ranges).map {
                PartialSegment(
                    name: WALSegmentName(timeline: timeline, number: $0, size: size),
                    lastModified: ArchiveSketch.time(of: $0)
                )
            }
        case "missing", "invalid":
            guard words.count == 3, words[1] == "history", let number = UInt32(words[2])
            else { throw SketchError(description: "no history: \(part)") }
            histories[TimelineID(rawValue: number)] = words[0] == "missing" ? nil : .invalid("drawn so")
        case "base":
            backups.append(try backup(words, part))
        default:
            try readTimeline(part)
        }
    }

    private mutating func readTimeline(_ part: String) throws(SketchError) {
        let (timeline, ranges) = try timeline(of: part[...])
        segments[timeline, default: []].formUnion(try numbers(ranges))
        let head = part.split(separator: ":")[0].split(separator: " ").map(String.init)
        guard head.count > 1 else { return }
        guard head.count == 3, head[1] == "from" else { throw SketchError(description: "no fork: \(part)") }
        let fork = head[2].split(separator: "@")
        guard fork.count == 2, let parent = UInt32(fork[0]) else { throw SketchError(description: "no fork: \(part)") }
        let entry = TimelineHistory.Entry(
            timeline: TimelineID(rawValue: parent),
            switchPoint: try position(fork[1], fraction: size.bytes / 2),
            reason: "no recovery target specified"
        )
        let entries = ancestors[entry.timeline, default: []] + [entry]
        ancestors[timeline] = entries
        histories[timeline] = .valid(TimelineHistory(timeline: timeline, entries: entries))
    }

    /// Reads `base A 1: 03-04 standalone`.
    private func backup(_ words: [String], _ part: String) throws(SketchError) -> BaseBackup {
        guard words.count >= 4, let begin = UInt32(words[2].dropLast()), words[2].hasSuffix(":")
        else { throw SketchError(description: "no backup: \(part)") }
        let ends = words[3].split(separator: "-")
        let last = (ends.last ?? "").split(separator: ":")
        let endTimeline = last.count == 2 ? UInt32(last[0]) : begin
        guard (1...2).contains(ends.count), let lastPosition = last.last, let endTimeline
        else { throw SketchError(description: "no backup: \(part)") }
        var details = BackupInfo()
        let beginLSN = try position(ends[0], fraction: 0x28)
        let endLSN = try position(lastPosition, fraction: size.bytes / 4)
        details.status = .done
        details.timeline = TimelineID(rawValue: begin)
        details.beginLSN = beginLSN
        details.endLSN = endLSN
        details.beginWAL = name(TimelineID(rawValue: begin), beginLSN)
        details.endWAL = name(TimelineID(rawValue: endTimeline), endLSN)
        details.beginTime = ArchiveSketch.time(of: size.segmentNumber(of: beginLSN))
        details.endTime = ArchiveSketch.time(of: size.segmentNumber(of: endLSN))
        details.segmentSize = size.bytes
        var backup = BaseBackup(
            id: BackupID(words[1]),
            info: .read(details),
            lastModified: details.endTime ?? ArchiveSketch.midnight
        )
        backup.tars = [BackupTar(): 1 << 20]
        for word in words.dropFirst(4) { try apply(word, to: &backup, details) }
        backup.objects = 1 + backup.tars.count + backup.keeps.count
        backup.bytes = backup.tars.values.reduce(0, +)
        return backup
    }

    private func apply(_ word: String, to backup: inout BaseBackup, _ info: BackupInfo) throws(SketchError) {
        var info = info
        switch word {
        case "standalone", "full":
            let key = ObjectKey("sketch/base/\(backup.id)/annotations/keep")
            backup.keeps = [KeepAnnotation(kind: word == "full" ? .full : .standalone, key: key)]
            return
        case "dataless":
            backup.tars = [:]
            return
        case "unreadable":
            backup.info = .unreadable("drawn so")
            return
        case "failed": info.status = .failed
        case "started": info.status = .started
        case "incremental": info.parentBackupID = "full"
        default: throw SketchError(description: "nothing is called \(word)")
        }
        backup.info = .read(info)
    }

    private func name(_ timeline: TimelineID, _ position: LSN) -> WALSegmentName {
        WALSegmentName(timeline: timeline, number: size.segmentNumber(of: position), size: size)
    }

    /// Reads `03`, `03.0` or `03+`; without a sign the position lies `fraction` bytes into the segment.
    private func position(_ text: Substring, fraction: Int) throws(SketchError) -> LSN {
        let digits = text.prefix { $0.isHexDigit }
        let sign = text.dropFirst(digits.count)
        guard let number = UInt64(digits, radix: 16), ["", ".0", "+"].contains(sign)
        else { throw SketchError(description: "no position: \(text)") }
        let offset = sign == ".0" ? 0 : sign == "+" ? size.bytes / 4 * 3 : fraction
        return LSN(rawValue: size.start(of: number).rawValue + UInt64(offset))
    }

    /// Reads the timeline before the colon; what is behind it are the ranges.
    private func timeline(of part: Substring) throws(SketchError) -> (TimelineID, Substring) {
        let halves = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let number = UInt32(halves[0].split(separator: " ").first ?? "")
        else { throw SketchError(description: "no timeline: \(part)") }
        return (TimelineID(rawValue: number), halves[1])
    }

    private func numbers(_ ranges: Substring) throws(SketchError) -> [UInt64] {
        var numbers: [UInt64] = []
        for range in ranges.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let ends = range.split(separator: "-").map { UInt64($0, radix: 16) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last
            else { throw SketchError(description: "no segments: \(range)") }
            numbers += first...last
        }
        return numbers
    }

    private func runs(of timeline: TimelineID) -> [WALRun] {
        var runs: [WALRun] = []
        for number in (segments[timeline] ?? []).sorted() {
            let time = ArchiveSketch.time(of: number)
            if let last = runs.last, last.segments.upperBound + 1 == number {
                runs[runs.count - 1].segments = last.segments.lowerBound...number
                runs[runs.count - 1].lastModified = time
            } else {
                runs.append(
                    WALRun(timeline: timeline, segments: number...number, firstModified: time, lastModified: time)
                )
            }
            runs[runs.count - 1].bytes += 1 << 20
        }
        return runs
    }
}

extension String {
    fileprivate var words: [String] { split(separator: " ").map(String.init) }

    fileprivate var leadingBlanks: Int { prefix { $0 == " " }.count }
}
