import BarmanCatalog
import TestSupport
import Testing

/// Compares the analysis with the walk segment by segment, over every small archive.
///
/// A debug build goes through some 750,000 archives in about a minute, a release build through twelve million:
/// `swift test -c release -Xswiftc -enable-testing --filter NaiveArchiveTests`.
struct NaiveArchiveTests {
    /// The most segments to go through, by the number of forks.
    private struct Scope {
        var anyBackup: [Int]
        var oneBackup: [Int]
        var twoBackups: [Int]
        var missingOfTwelve: Int

        #if DEBUG
            static let chosen = Scope(
                anyBackup: [4, 3, 1],
                oneBackup: [8, 4, 3],
                twoBackups: [6, 2, 1],
                missingOfTwelve: 1
            )
        #else
            static let chosen = Scope(
                anyBackup: [6, 4, 3],
                oneBackup: [8, 8, 4],
                twoBackups: [7, 4, 2],
                missingOfTwelve: 3
            )
        #endif
    }

    private static let shards = 0..<8

    /// The layouts of one share of the work; shares run at the same time.
    private func layouts(_ sizes: [Int], _ shard: Int) -> [NaiveLayout] {
        let all = sizes.enumerated().flatMap { NaiveLayout.all(upTo: $0.element, forks: $0.offset) }
        return all.enumerated().filter { $0.offset % Self.shards.count == shard }.map(\.element)
    }

    /// Compares every choice of history files and of segments, until a first disagreement.
    private func check(_ layout: NaiveLayout, _ backups: [NaiveArchive.Backup], _ masks: some Sequence<Int>) {
        for histories in layout.histories {
            let parts = layout.archive(mask: 0, histories: histories, backups: backups).parts
            for mask in masks {
                let archive = layout.archive(mask: mask, histories: histories, backups: backups)
                if let what = archive.disagreement(sharing: parts) {
                    Issue.record("they disagree on \(what) of \(archive)")
                    return
                }
            }
        }
    }

    @Test(.tags(.exhaustive), arguments: shards)
    func `agrees on any backup, even an impossible one`(shard: Int) {
        for layout in layouts(Scope.chosen.anyBackup, shard) {
            for backup in layout.backups(longest: 3, impossible: true) {
                check(layout, [backup], 0..<1 << layout.count)
            }
        }
    }

    @Test(.tags(.exhaustive), arguments: shards)
    func `agrees on one backup`(shard: Int) {
        for layout in layouts(Scope.chosen.oneBackup, shard) {
            for backup in layout.backups(longest: 3) {
                check(layout, [backup], 0..<1 << layout.count)
            }
        }
    }

    /// Two promotions in a row, each old timeline going on behind its fork: too large for every layout of that size.
    @Test(.tags(.exhaustive), arguments: [8, 12], [16, 20])
    func `agrees on old timelines that go on behind their forks`(second: Int, third: Int) {
        let forks = [
            NaiveArchive.Fork(child: 2, parent: 1, at: second), NaiveArchive.Fork(child: 3, parent: 2, at: third),
        ]
        let layout = NaiveLayout(forks: forks, slots: [0..<3, 1..<3, 2..<4])
        for backup in layout.backups(longest: 2) {
            check(layout, [backup], 0..<1 << layout.count)
        }
    }

    @Test(.tags(.exhaustive), arguments: shards)
    func `agrees on two backups`(shard: Int) {
        for layout in layouts(Scope.chosen.twoBackups, shard) {
            let backups = layout.backups(longest: 2)
            for (index, first) in backups.enumerated() {
                for second in backups[index...] {
                    check(layout, [first, second], 0..<1 << layout.count)
                }
            }
        }
    }

    @Test(.tags(.exhaustive), arguments: shards)
    func `agrees on twelve segments of which a few are missing`(shard: Int) {
        let inside = { (child: Int, parent: Int, at: Int) in NaiveArchive.Fork(child: child, parent: parent, at: at) }
        var layouts = [NaiveLayout(slots: [0..<12])]
        for fork in 0...48 where fork % 4 == 0 {
            let second = inside(2, 1, fork)
            layouts.append(NaiveLayout(forks: [second], slots: [0..<6, fork / 8..<fork / 8 + 6]))
            for other in 0...64 where other % 4 == 0 {
                let third = other / 8..<other / 8 + 4
                let slots = [0..<4, fork / 8..<fork / 8 + 4, third]
                if fork <= 32, other <= 32 {
                    layouts.append(NaiveLayout(forks: [second, inside(3, 1, other)], slots: slots))
                }
                if fork <= 32, other > fork, other <= fork + 32 {
                    layouts.append(NaiveLayout(forks: [second, inside(3, 2, other)], slots: slots))
                }
            }
        }
        for (index, layout) in layouts.enumerated() where index % Self.shards.count == shard {
            let backups = layout.backups(longest: 2).enumerated().filter { $0.offset % 7 == index % 7 }.map(\.element)
            check(layout, backups, layout.masks(missing: Scope.chosen.missingOfTwelve))
        }
    }
}
