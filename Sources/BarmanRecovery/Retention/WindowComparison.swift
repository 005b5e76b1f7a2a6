internal import BarmanCatalog
internal import PostgresWAL

/// The proof of a plan: what can be recovered from each kept backup before and after.
struct WindowComparison {
    let before: [RecoveryWindow]
    let after: [RecoveryWindow]

    /// The windows of the backups that stay that would not be what they were.
    ///
    /// `standalone` are the backups that are kept for themselves alone: all they have to reach is their own end.
    func losses(standalone: Set<BackupID>) -> [RetentionRefusal] {
        let kept = Dictionary(grouping: after, by: \.backup)
        return before.compactMap { window in
            let others = kept[window.backup] ?? []
            guard !others.contains(window) else { return nil }
            let isReached =
                standalone.contains(window.backup)
                && others.contains { $0.from == window.from && $0.to.lsn >= window.from.lsn }
            guard !isReached else { return nil }
            let rest = others.filter { $0.timeline == window.timeline }.max { $0.to.lsn < $1.to.lsn }
            return .windowWouldShrink(window.backup, before: window, after: rest)
        }
    }
}

extension BackupCatalog {
    /// The catalog as it is when these backups and these segments are gone.
    func removing(_ gone: Set<BackupID>, _ segments: SegmentSet) -> BackupCatalog {
        var catalog = self
        catalog.backups.removeAll { gone.contains($0.id) }
        catalog.wal = wal.removing(segments)
        return catalog
    }
}
