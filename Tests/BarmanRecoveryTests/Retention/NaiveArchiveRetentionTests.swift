import BarmanCatalog
import TestSupport
import Testing

/// Holds the exact plan against the walk segment by segment, over every small archive of one and two backups.
///
/// A debug build tries a part of the pairs, a release build all:
/// `swift test -c release -Xswiftc -enable-testing --filter NaiveArchiveRetentionTests`.
/// Every target that could be reached from a backup that stays can still be reached, and of the WAL nothing is left
/// that no such backup can use.
struct NaiveArchiveRetentionTests {
    /// The most segments to go through, by the number of forks.
    private struct Scope {
        var oneBackup: [Int]
        var twoBackups: [Int]
        /// Of so many pairs of backups one is tried.
        var pairs: Int

        #if DEBUG
            static let chosen = Scope(oneBackup: [5, 3, 1], twoBackups: [3, 2, 1], pairs: 5)
        #else
            static let chosen = Scope(oneBackup: [8, 5, 3], twoBackups: [5, 3, 2], pairs: 1)
        #endif
    }

    private static let shards = 0..<8

    private func layouts(_ sizes: [Int], _ shard: Int) -> [NaiveLayout] {
        let all = sizes.enumerated().flatMap { NaiveLayout.all(upTo: $0.element, forks: $0.offset) }
        return all.enumerated().filter { $0.offset % Self.shards.count == shard }.map(\.element)
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

    @Test(.tags(.exhaustive), arguments: shards)
    func `agrees on one backup`(shard: Int) {
        for layout in layouts(Scope.chosen.oneBackup, shard) {
            for backup in layout.backups(longest: 3) { check(layout, [backup], standalone: false) }
        }
    }

    @Test(.tags(.exhaustive), arguments: shards, [false, true])
    func `agrees on two backups`(shard: Int, standalone: Bool) {
        for layout in layouts(Scope.chosen.twoBackups, shard) {
            let backups = layout.backups(longest: 2)
            for (index, first) in backups.enumerated() {
                for (other, second) in backups.enumerated() where (index + 2 * other) % Scope.chosen.pairs == 0 {
                    check(layout, [first, second], standalone: standalone)
                }
            }
        }
    }

    /// Two promotions in a row, each old timeline going on behind its fork.
    @Test(.tags(.exhaustive), arguments: [8, 12], [16, 20])
    func `agrees on old timelines that go on behind their forks`(second: Int, third: Int) {
        let forks = [
            NaiveArchive.Fork(child: 2, parent: 1, at: second), NaiveArchive.Fork(child: 3, parent: 2, at: third),
        ]
        let layout = NaiveLayout(forks: forks, slots: [0..<3, 1..<3, 2..<4])
        for backup in layout.backups(longest: 2) { check(layout, [backup], standalone: false) }
    }
}
