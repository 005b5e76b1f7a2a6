/// A family of small archives: forks, the segments that may be there, and the backups to try.
struct NaiveLayout: Sendable, CustomStringConvertible {
    var forks: [NaiveArchive.Fork] = []
    /// The segments that each timeline may have: they begin where the timeline does.
    var slots: [Range<Int>]

    /// How many segments there may be.
    var count: Int { slots.reduce(0) { $0 + $1.count } }

    var description: String {
        let ranges = slots.enumerated().map { "\($0.offset + 1): \($0.element)" }
        let forks = forks.map { "\($0.child) from \($0.parent)@\($0.at / 8).\($0.at % 8)" }
        return (ranges + forks).joined(separator: " / ")
    }

    /// Every way to lay out exactly `count` segments over one timeline and up to `forks` forks.
    static func all(of count: Int, forks: Int) -> [NaiveLayout] {
        guard forks > 0 else { return [NaiveLayout(slots: [0..<count])] }
        var layouts: [NaiveLayout] = []
        for first in 0...count {
            for fork in places(in: 0..<first) {
                let second = NaiveArchive.Fork(child: 2, parent: 1, at: fork)
                if forks == 1 {
                    let end = fork / 8 + count - first
                    layouts.append(NaiveLayout(forks: [second], slots: [0..<first, fork / 8..<end]))
                    continue
                }
                for length in 0...count - first {
                    let own = fork / 8..<fork / 8 + length
                    let rest = count - first - length
                    for parent in 1...2 {
                        for third in places(in: parent == 1 ? 0..<first : own) where parent == 1 || third > fork {
                            let last = NaiveArchive.Fork(child: 3, parent: parent, at: third)
                            layouts.append(
                                NaiveLayout(
                                    forks: [second, last],
                                    slots: [0..<first, own, third / 8..<third / 8 + rest]
                                )
                            )
                        }
                    }
                }
            }
        }
        return layouts
    }

    /// Where a fork may be: on the boundary of each segment and inside of it, up to the segment behind the last.
    private static func places(in segments: Range<Int>) -> [Int] {
        (segments.lowerBound...segments.upperBound).flatMap { [$0 * 8, $0 * 8 + 4] }
    }

    /// Every backup of at most `longest` segments.
    ///
    /// Begins lie at the first eighth of a segment and behind a fork in it; ends at the second eighth, behind a
    /// fork, and on the boundary. With `impossible`, also those that no PostgreSQL makes: behind or before any
    /// fork, and ending on any timeline.
    func backups(longest: Int, impossible: Bool = false) -> [NaiveArchive.Backup] {
        var backups: [NaiveArchive.Backup] = []
        for (index, range) in slots.enumerated() {
            for segment in range {
                let begins = hasFork(segment) || impossible ? [1, 6] : [1]
                for begin in begins.map({ segment * 8 + $0 }) {
                    for last in segment..<min(segment + longest, range.upperBound + 1) {
                        let ends = hasFork(last) || impossible ? [2, 7, 8] : [2, 8]
                        for end in ends.map({ last * 8 + $0 }) where end > begin {
                            for endTimeline in impossible ? Array(1...slots.count) : timelines(from: index + 1, at: end)
                            {
                                let backup = NaiveArchive.Backup(
                                    beginTimeline: index + 1,
                                    begin: begin,
                                    endTimeline: endTimeline,
                                    end: end
                                )
                                backups.append(backup)
                            }
                        }
                    }
                }
            }
        }
        return backups
    }

    private func hasFork(_ segment: Int) -> Bool {
        forks.contains { $0.at / 8 == segment }
    }

    /// The timeline itself and those that may have come of it before a position.
    private func timelines(from timeline: Int, at end: Int) -> [Int] {
        forks.reduce(into: [timeline]) { timelines, fork in
            if timelines.contains(fork.parent), fork.at < end { timelines.append(fork.child) }
        }
    }

    /// The archive with those segments whose number in `mask` is set.
    func archive(mask: Int, histories: Set<Int>, backups: [NaiveArchive.Backup]) -> NaiveArchive {
        var archive = NaiveArchive(forks: forks, histories: histories, backups: backups)
        archive.top = slots.map(\.upperBound).max() ?? 0
        var bit = 0
        for (index, range) in slots.enumerated() {
            for segment in range {
                if mask >> bit & 1 == 1 { archive.present.insert(index + 1, segment) }
                bit += 1
            }
        }
        return archive
    }

    /// Every choice of history files that may be there.
    var histories: [Set<Int>] {
        forks.map(\.child).reduce(into: [[]]) { sets, child in sets += sets.map { $0.union([child]) } }
    }
}

extension NaiveLayout {
    /// Every way to lay out up to `count` segments.
    static func all(upTo count: Int, forks: Int) -> [NaiveLayout] {
        (1...count).flatMap { all(of: $0, forks: forks) }
    }

    /// The masks that leave out at most `missing` segments.
    func masks(missing: Int) -> [Int] {
        let all = (1 << count) - 1
        var masks = [all]
        var edge = [all]
        for _ in 0..<missing {
            // Only bits below the lowest cleared one are cleared next, so that each mask comes once.
            edge = edge.flatMap { mask in
                (0..<(~mask & all == 0 ? count : (~mask & all).trailingZeroBitCount)).map { mask & ~(1 << $0) }
            }
            masks += edge
        }
        return masks
    }
}
