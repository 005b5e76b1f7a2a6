internal import ObjectStorage

/// The ranges of a listing in the order of their keys: which are being listed, which are left, which are done.
struct RangeTable {
    private struct Entry {
        let range: ListingRange
        /// Where it begins, if that is a place in the WAL.
        var start: KeyPosition?
        var isBusy = false
        var isDone = false
        /// The cut that it begins at, nil for the first.
        var cut: ListingCutter.Cut?
        /// Whether there is WAL of the timeline where it begins; nil before its first page.
        var isStartThere: Bool?
        /// Whether it is listed for the second time.
        var isRepeated = false
        /// How far it had come when its last page was taken.
        var seen: ListingRange.Snapshot

        var startText: String { range.start.map { "\(ObjectKey(bytes: $0))" } ?? "the beginning" }
    }

    /// Pages listed.
    private(set) var pages = 0
    /// Objects listed.
    private(set) var objects = 0

    private let prefix: ObjectKey
    private let empty: BucketScan
    private var cutter: ListingCutter
    private var entries: [Entry]

    /// What the ranges that are done, from the first one on, add up to.
    private var merged: BucketScan
    private var probe: EndProbe
    private var border: ListingBorder?

    init(prefix: ObjectKey, empty: BucketScan) {
        self.prefix = prefix
        self.empty = empty
        merged = empty
        probe = EndProbe(prefix: prefix)
        cutter = ListingCutter(start: prefix.bytes.count)
        let range = ListingRange(prefix: prefix, start: nil, boundary: nil, scan: empty)
        entries = [Entry(range: range, seen: range.snapshot)]
    }

    /// How many ranges are being listed.
    var busy: Int { entries.count(where: \.isBusy) }

    /// How many ranges are not done.
    var open: Int { entries.count { !$0.isDone } }

    /// How many pages there seem to be, those that were listed and those that are known to be left.
    var pagesKnown: Int {
        entries.indices.reduce(pages) { $0 + (entries[$1].isDone ? 0 : cutter.pagesLeft(of: item($1))) }
    }

    /// Takes note of places in the WAL that are there.
    mutating func add(seeds: Set<KeyPosition>) {
        cutter.seeds.formUnion(seeds)
    }

    /// The next range to list a page of, marked as busy; nil where all that is left is being listed.
    mutating func next(mayCut: Bool) -> ListingRange? {
        let waiting = entries.firstIndex { !$0.isBusy && !$0.isDone }
        guard let index = waiting ?? (mayCut ? cut() : nil) else { return nil }
        entries[index].isBusy = true
        return entries[index].range
    }

    /// Takes note that a page of a range was listed.
    mutating func listed(_ range: ListingRange) {
        guard let index = entries.firstIndex(where: { $0.range === range }) else { return }
        let snapshot = range.snapshot
        pages += snapshot.pages - entries[index].seen.pages
        objects += snapshot.objects - entries[index].seen.objects
        cutter.learn(from: entries[index].seen, to: snapshot)
        entries[index].seen = snapshot
        entries[index].isBusy = false
        entries[index].isDone = range.isDone
        if entries[index].isStartThere == nil { noteStart(of: index) }
    }

    /// Takes note of whether a range begins on the timeline that it was thought to.
    private mutating func noteStart(of index: Int) {
        let first = entries[index].range.first.flatMap { KeyPosition(of: $0.key.bytes, from: prefix.bytes.count) }
        let start = entries[index].start
        let isThere =
            start != nil && first?.server == start?.server
            && first?.directory?.timeline == start?.directory?.timeline
        entries[index].isStartThere = isThere
        if !isThere, let cut = entries[index].cut { cutter.wasInVain(cut) }
    }

    /// Puts the ranges together that are done, from the first on.
    ///
    /// - Throws: ``ListingContradiction`` where two ranges do not meet, even after the second was listed anew.
    mutating func merge(checkingIn store: any ObjectStore) async throws {
        while let entry = entries.first, entry.isDone {
            if let border {
                switch try await border.verdict(on: entry.range, prefix: prefix, in: store) {
                case .success(.fits): break
                case .success(.isStale) where !entry.isRepeated: return repeatFirst()
                case .success(.isStale):
                    throw ListingContradiction(
                        description: "a listing from \(entry.startText) on left out its first key"
                    )
                case .failure(let contradiction): throw contradiction
                }
            }
            probe.see(last: entry.range.last, newest: entry.range.newest)
            border = ListingBorder(behind: entry.range, after: border)
            try merged.append(entry.range.takeScan(leaving: empty))
            entries.removeFirst()
        }
    }

    /// Lists the first range anew.
    private mutating func repeatFirst() {
        let (start, boundary) = (entries[0].range.start, entries[0].seen.boundary)
        let range = ListingRange(prefix: prefix, start: start, boundary: boundary, scan: empty)
        entries[0] = Entry(range: range, start: entries[0].start, isRepeated: true, seen: range.snapshot)
    }

    /// The whole, once nothing is left.
    var result: (scan: BucketScan, probe: EndProbe) { (merged, probe) }

    // MARK: Cutting

    // In pages: shorter listings are not worth requests that may turn out to be in vain.
    private static let leastPages = 6
    private static let enoughPages = 40

    /// Whether one cut more is affordable: the requests are to stay within 6 % of the pages.
    ///
    /// A range that was begun in vain costs a page, every other one about half a page where it meets the next.
    private func canAffordCut(_ known: Int) -> Bool {
        let spent = Double(pages) - Double(objects) / Double(cutter.largestPage)
        let bound = entries.dropFirst().reduce(0) { $0 + ($1.seen.pages == 0 ? 1 : $1.isDone ? 0 : 0.5) }
        // What seems to be left may be a hole, once one was met.
        let expected = Double(cutter.hasGuessedWrong ? pages : max(pages, known))
        return max(0, spent) + bound < max(2 + 0.04 * expected, 0.055 * expected)
    }

    /// Cuts the range that seems to have most left, and answers the position of the new one.
    private mutating func cut() -> Int? {
        let known = pagesKnown
        guard pages >= Self.leastPages || known >= Self.enoughPages, canAffordCut(known) else { return nil }
        var best: (index: Int, cut: ListingCutter.Cut)?
        for index in entries.indices where !entries[index].isDone {
            guard let cut = cutter.cut(of: item(index)), cut.weight > best?.cut.weight ?? 0 else { continue }
            best = (index, cut)
        }
        guard let (index, cut) = best else { return nil }
        // Its page under way may have come behind the boundary meanwhile.
        guard entries[index].range.cut(at: cut.boundary) else { return nil }
        cutter.made(cut)
        let end = entries[index].seen.boundary
        let range = ListingRange(prefix: prefix, start: cut.boundary, boundary: end, scan: empty)
        entries[index].seen.boundary = cut.boundary
        let isKnown = cut.position.map { cutter.seeds.contains($0) } ?? false
        entries.insert(
            Entry(
                range: range,
                start: cut.position,
                cut: cut,
                isStartThere: isKnown ? true : nil,
                seen: range.snapshot
            ),
            at: index + 1
        )
        return index + 1
    }

    private func item(_ index: Int) -> ListingCutter.Range {
        let next = index + 1 < entries.count ? entries[index + 1] : nil
        return ListingCutter.Range(
            snapshot: entries[index].seen,
            start: entries[index].start,
            end: next?.start,
            isEndThere: next?.isStartThere,
            endTimeline: next?.cut?.timeline
        )
    }
}
