internal import ObjectStorage

/// Knows where to cut a listing, so that several cursors have about as much to do.
///
/// A cut in the wrong place is never wrong, only slow: the range behind it turns out shorter than it was thought, or
/// empty. What is known of the archive helps: where its backups begin and end, how much WAL a directory holds.
struct ListingCutter {
    /// What the cutter is told of a range that is not done.
    struct Range {
        var snapshot: ListingRange.Snapshot
        /// Where the range begins, if that is a place in the WAL.
        var start: KeyPosition?
        /// Where the next range begins, if that is a place in the WAL.
        var end: KeyPosition?
        /// Whether there is WAL of the timeline where the next range begins; nil before its first page.
        var isEndThere: Bool?
        /// The timeline whose beginning the next range begins at, nil where it is another place.
        var endTimeline: UInt32?
    }

    /// Where to cut.
    struct Cut: Hashable {
        var boundary: [UInt8]
        /// The boundary as a place in the WAL, nil where what comes behind it is not known.
        var position: KeyPosition?
        /// How many pages may lie behind it.
        var weight: Int
        /// The timeline whose beginning the boundary is, nil where it is another place.
        var timeline: UInt32?
        /// How many pages ahead it was guessed to be, nil where it was not guessed.
        var step: UInt32?
    }

    /// The length of the location's prefix, in bytes.
    let start: Int

    /// Places in the WAL that are known to exist: where backups begin and end.
    var seeds: Set<KeyPosition> = []

    /// How many directories of WAL a page covers.
    private var directoriesPerPage: UInt32 = 4
    /// The most objects that any page had.
    private(set) var largestPage = 1

    /// How far ahead the next range of a timeline begins whose end is not known, in pages.
    private var steps: [KeyPosition: UInt32] = [:]
    /// The longest step that may be taken: shorter after one went over the end of its timeline.
    private var longestStep: UInt32 = 1 << 16
    /// Whether any cut within a timeline was in vain: from then on one page of a range is awaited before it is cut.
    private(set) var hasGuessedWrong = false
    /// How many timelines ahead the next range begins where it is not known how many there are.
    private var timelineStep: UInt32 = 1

    init(start: Int) {
        self.start = start
    }

    /// Learns from a page how much WAL a directory holds.
    mutating func learn(from before: ListingRange.Snapshot, to after: ListingRange.Snapshot) {
        let objects = after.objects - before.objects
        largestPage = max(largestPage, objects)
        guard let first = before.position.flatMap({ KeyPosition(of: $0, from: start) }),
            let last = after.position.flatMap({ KeyPosition(of: $0, from: start) }),
            let from = first.directory, let to = last.directory,
            first.server == last.server, from.timeline == to.timeline, to.log > from.log, objects > 0
        else { return }
        let directories = Double(to.log - from.log) * Double(largestPage) / Double(objects)
        directoriesPerPage = UInt32(min(max(1, directories.rounded()), 1_000_000))
    }

    /// How many pages of a range are known to be left, 1 where nothing is known.
    func pagesLeft(of range: Range) -> Int {
        guard let position = position(in: range), let log = position.directory?.log, range.isEndThere == true,
            let end = range.end?.directory?.log, isWithinTimeline(range, from: position), end > log
        else { return 1 }
        return Int((end - log) / directoriesPerPage) + 1
    }

    /// Where to cut a range, nil where that is not worth a request.
    mutating func cut(of range: Range) -> Cut? {
        guard let position = position(in: range), position.isSafeToCut else { return nil }
        let isWithin = isWithinTimeline(range, from: position)
        if isWithin, range.isEndThere == true, range.snapshot.pages > 0 || !hasGuessedWrong {
            return halving(range, from: position)
        }
        // The first page of a range decides what is there at all, and so does that of the range behind a guess.
        guard range.snapshot.pages > 0, !isWithin || range.isEndThere != nil else { return nil }
        return isWithin ? halving(range, from: position) : opening(range, from: position)
    }

    /// Takes note that a cut was made.
    mutating func made(_ cut: Cut) {
        if cut.timeline != nil, timelineStep < 1 << 16 { timelineStep *= 2 }
        guard cut.step != nil, let place = cut.position, let directory = place.directory else { return }
        let key = KeyPosition(server: place.server, directory: .init(timeline: directory.timeline, log: 0))
        steps[key] = min((steps[key] ?? Self.firstStep) * 4, 1 << 16)
    }

    /// Takes note that there is no WAL of its timeline behind a cut.
    mutating func wasInVain(_ cut: Cut) {
        guard cut.position != nil, cut.timeline == nil else { return }
        hasGuessedWrong = true
        // It went over the end of its timeline: other timelines will hardly be longer.
        if let step = cut.step { longestStep = min(longestStep, max(Self.firstStep, step / 4)) }
    }

    // In pages: what is worth a request that may turn out to be in vain.
    private static let firstStep: UInt32 = 8
    private static let leastWorthHalving: UInt32 = 6
    private static let weightOfUnknown = 1 << 20

    /// Where the listing of a range has come to.
    private func position(in range: Range) -> KeyPosition? {
        guard range.snapshot.objects > 0, let key = range.snapshot.position else { return range.start }
        return KeyPosition(of: key, from: start)
    }

    /// Whether a range ends on the timeline that it is on.
    private func isWithinTimeline(_ range: Range, from position: KeyPosition) -> Bool {
        guard let end = range.end, let timeline = position.directory?.timeline else { return false }
        return end.server == position.server && end.directory?.timeline == timeline
    }

    private func halving(_ range: Range, from position: KeyPosition) -> Cut? {
        guard let from = position.directory, let end = range.end?.directory, end.log > from.log else { return nil }
        let rest = end.log - from.log
        guard rest / directoriesPerPage >= Self.leastWorthHalving else { return nil }
        // Where the WAL ends somewhere before the end of the range, it is as likely twice as near as twice as far.
        let pages = Double(rest / directoriesPerPage)
        let near = UInt32((Double(Self.leastWorthHalving) * pages).squareRoot()) * directoriesPerPage
        // The page under way is the other range's.
        let ahead = max(range.isEndThere == false ? min(near, rest / 2) : rest / 2, 2 * directoriesPerPage)
        return cut(at: .init(timeline: from.timeline, log: from.log + ahead), of: position, range)
            .map { Cut(boundary: $0.boundary, position: $0.position, weight: Int(rest / directoriesPerPage)) }
    }

    /// A cut of a range whose end is not known.
    private func opening(_ range: Range, from position: KeyPosition) -> Cut? {
        guard let from = position.directory else { return cut(at: position.startOfWAL, of: range) }
        if let cut = cut(at: position.endOfWAL, of: range) { return cut }
        let known = seeds.filter { $0.server == position.server }.compactMap(\.directory)
        let here = known.filter { $0.timeline == from.timeline && $0.log > from.log &+ directoriesPerPage }
        if let last = here.max(by: { $0.log < $1.log }), let cut = cut(at: last, of: position, range) { return cut }
        // Of the timelines that a range holds the middle one, so that two cursors go on with half of them each.
        let later = Set(known.map(\.timeline).filter { $0 > from.timeline }).sorted()
        let inside = later.compactMap { cut(at: position.start(ofTimeline: $0), of: range) }
        if !inside.isEmpty { return inside[inside.count / 2] }
        if let end = range.end?.directory, range.end?.server == position.server,
            let cut = cut(at: position.start(ofTimeline: end.timeline), of: range)
        {
            return cut
        }
        return cut(betweenTimelines: range, from: position) ?? stepAhead(range, from: position)
    }

    /// A cut at the beginning of a timeline that nothing is known of: they are numbered one by one.
    private func cut(betweenTimelines range: Range, from position: KeyPosition) -> Cut? {
        guard let from = position.directory?.timeline else { return nil }
        let timeline: UInt32
        if let end = range.endTimeline {
            timeline = from + (max(end, from) - from) / 2
        } else if range.snapshot.boundary == position.endOfWAL {
            timeline = from.addingReportingOverflow(timelineStep).overflow ? from : from + timelineStep
        } else {
            return nil
        }
        guard timeline > from, var cut = cut(at: position.start(ofTimeline: timeline), of: range) else { return nil }
        cut.timeline = timeline
        return cut
    }

    /// A cut some pages ahead on a timeline whose end is not known.
    private func stepAhead(_ range: Range, from position: KeyPosition) -> Cut? {
        guard let from = position.directory else { return nil }
        let key = KeyPosition(server: position.server, directory: .init(timeline: from.timeline, log: 0))
        let step = min(steps[key] ?? Self.firstStep, longestStep)
        let (ahead, overflow) = directoriesPerPage.multipliedReportingOverflow(by: step)
        let (log, behind) = from.log.addingReportingOverflow(ahead)
        guard !overflow, !behind,
            var cut = cut(at: .init(timeline: from.timeline, log: log), of: position, range)
        else { return nil }
        (cut.step, cut.weight) = (step, Self.weightOfUnknown / 2)
        return cut
    }

    private func cut(at directory: KeyPosition.Directory, of position: KeyPosition, _ range: Range) -> Cut? {
        cut(at: position.start(of: directory), of: range).map { cut in
            var cut = cut
            cut.position = KeyPosition(server: position.server, directory: directory)
            return cut
        }
    }

    /// The cut at a boundary, nil where the boundary is not inside of the range.
    private func cut(at boundary: [UInt8], of range: Range) -> Cut? {
        guard range.snapshot.position?.lexicographicallyPrecedes(boundary) ?? true,
            range.snapshot.boundary.map({ boundary.lexicographicallyPrecedes($0) }) ?? true
        else { return nil }
        return Cut(boundary: boundary, position: nil, weight: Self.weightOfUnknown)
    }
}
