/// Which backups of a server a deletion leaves, and which it takes.
public struct BackupsChosen: Hashable, Sendable {
    /// Those that stay.
    public var kept: Set<BackupID>

    /// Those that go.
    public var gone: Set<BackupID>

    /// These stay, and those go.
    public init(kept: Set<BackupID> = [], gone: Set<BackupID> = []) {
        self.kept = kept
        self.gone = gone
    }

    /// Those that must not change by themselves: the ones that go, and finished ones that stay; a backup that is under way
    /// does.
    public func settled(in catalog: BackupCatalog) -> Set<BackupID> {
        let finished = catalog.backups.filter { [.done, .failed].contains($0.details?.status) }
        return gone.union(kept.intersection(finished.map(\.id)))
    }
}
