import BarmanCatalog
import TestSupport
import Testing

/// Holds the exact plan against the walk segment by segment, over every small archive of one and two backups, of which a
/// sample takes one layout with its backups in so many.
///
/// Every target that could be reached from a backup that stays can still be reached, and of the WAL nothing is left
/// that no such backup can use.
struct NaiveArchiveRetentionTests {
    /// The most segments to go through, by the number of forks.
    private enum Scope {
        static let oneBackup = [8, 5, 3]
        static let twoBackups = [5, 3, 2]
    }

    /// One in so many is drawn for a sample.
    private static let share = 10

    private static let shards = 0..<8

    private func layouts(_ sizes: [Int], _ shard: Int) -> [NaiveLayout] {
        let all = sizes.enumerated().flatMap { NaiveLayout.all(upTo: $0.element, forks: $0.offset) }
        return all.enumerated().filter { $0.offset % Self.shards.count == shard }.map(\.element)
    }

    /// Whether the run goes through a choice of backups of a layout.
    private func draws(_ shard: Int, _ layout: Int, _ backups: Int) -> Bool {
        Sample.draws((layout * Self.shards.count + shard) << 20 + backups, oneIn: Self.share)
    }

    /// Compares every choice of history files and of segments, until a first disagreement.
    private func check(_ layout: NaiveLayout, _ backups: [NaiveArchive.Backup], standalone: Bool) {
        for histories in layout.histories {
            let parts = layout.archive(mask: 0, histories: histories, backups: backups).parts
            for mask in 0..<1 << layout.count {
                let archive = layout.archive(mask: mask, histories: histories, backups: backups)
                let naive = NaiveRetention(archive: archive, keepsStandalone: standalone)
                if let what = naive.disagreement(sharing: parts) {
                    Issue.record("they disagree on \(what) of \(archive), standalone: \(standalone)")
                    return
                }
            }
        }
    }

    @Test(.tags(.long), arguments: shards)
    func `agrees on one backup`(shard: Int) {
        for (number, layout) in layouts(Scope.oneBackup, shard).enumerated() {
            for (index, backup) in layout.backups(longest: 3).enumerated() where draws(shard, number, index) {
                check(layout, [backup], standalone: false)
            }
        }
    }

    @Test(.tags(.long), arguments: shards, [false, true])
    func `agrees on two backups`(shard: Int, standalone: Bool) {
        for (number, layout) in layouts(Scope.twoBackups, shard).enumerated() {
            let backups = layout.backups(longest: 2)
            for (index, first) in backups.enumerated() {
                for (other, second) in backups.enumerated() where draws(shard, number, index * backups.count + other) {
                    check(layout, [first, second], standalone: standalone)
                }
            }
        }
    }

    /// Two promotions in a row, each old timeline going on behind its fork.
    @Test(.tags(.long), arguments: [8, 12], [16, 20])
    func `agrees on old timelines that go on behind their forks`(second: Int, third: Int) {
        let forks = [
            NaiveArchive.Fork(child: 2, parent: 1, at: second), NaiveArchive.Fork(child: 3, parent: 2, at: third),
        ]
        let layout = NaiveLayout(forks: forks, slots: [0..<3, 1..<3, 2..<4])
        for (index, backup) in layout.backups(longest: 2).enumerated() where draws(0, second + third, index) {
            check(layout, [backup], standalone: false)
        }
    }
}
