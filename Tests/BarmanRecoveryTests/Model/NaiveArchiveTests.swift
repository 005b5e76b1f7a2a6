import BarmanCatalog
import TestSupport
import Testing

/// Compares the analysis with the walk segment by segment, over every small archive: some twelve million, of which a
/// sample takes one layout with its backups in so many.
struct NaiveArchiveTests {
    /// The most segments to go through, by the number of forks.
    private enum Scope {
        static let anyBackup = [6, 4, 3]
        static let oneBackup = [8, 8, 4]
        static let twoBackups = [7, 4, 2]
        static let missingOfTwelve = 3
    }

    /// One in so many is drawn for a sample.
    private static let share = 4

    private static let shards = 0..<8

    /// The layouts of one share of the work; shares run at the same time.
    private func layouts(_ sizes: [Int], _ shard: Int) -> [NaiveLayout] {
        let all = sizes.enumerated().flatMap { NaiveLayout.all(upTo: $0.element, forks: $0.offset) }
        return all.enumerated().filter { $0.offset % Self.shards.count == shard }.map(\.element)
    }

    /// Whether the run goes through a choice of backups of a layout.
    private func draws(_ shard: Int, _ layout: Int, _ backups: Int) -> Bool {
        Sample.draws((layout * Self.shards.count + shard) << 20 + backups, oneIn: Self.share)
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

    @Test(.tags(.long), arguments: shards)
    func `agrees on any backup, even an impossible one`(shard: Int) {
        for (number, layout) in layouts(Scope.anyBackup, shard).enumerated() {
            for (index, backup) in layout.backups(longest: 3, impossible: true).enumerated()
            where draws(shard, number, index) {
                check(layout, [backup], 0..<1 << layout.count)
            }
        }
    }

    @Test(.tags(.long), arguments: shards)
    func `agrees on one backup`(shard: Int) {
        for (number, layout) in layouts(Scope.oneBackup, shard).enumerated() {
            for (index, backup) in layout.backups(longest: 3).enumerated() where draws(shard, number, index) {
                check(layout, [backup], 0..<1 << layout.count)
            }
        }
    }

    /// Two promotions in a row, each old timeline going on behind its fork: too large for every layout of that size.
    @Test(.tags(.long), arguments: [8, 12], [16, 20])
    func `agrees on old timelines that go on behind their forks`(second: Int, third: Int) {
        let forks = [
            NaiveArchive.Fork(child: 2, parent: 1, at: second), NaiveArchive.Fork(child: 3, parent: 2, at: third),
        ]
        let layout = NaiveLayout(forks: forks, slots: [0..<3, 1..<3, 2..<4])
        for (index, backup) in layout.backups(longest: 2).enumerated() where draws(0, second + third, index) {
            check(layout, [backup], 0..<1 << layout.count)
        }
    }

    @Test(.tags(.long), arguments: shards)
    func `agrees on two backups`(shard: Int) {
        for (number, layout) in layouts(Scope.twoBackups, shard).enumerated() {
            let backups = layout.backups(longest: 2)
            for (index, first) in backups.enumerated() {
                for (other, second) in backups[index...].enumerated()
                where draws(shard, number, index * backups.count + other) {
                    check(layout, [first, second], 0..<1 << layout.count)
                }
            }
        }
    }

    @Test(.tags(.long), arguments: shards)
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
            guard draws(shard, index, 0) else { continue }
            check(layout, backups, layout.masks(missing: Scope.missingOfTwelve))
        }
    }
}
