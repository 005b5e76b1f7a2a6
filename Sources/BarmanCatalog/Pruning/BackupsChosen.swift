internal import ObjectStorage

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

    /// Those of the ones that stay which do not change by themselves: a backup that is under way does.
    public func finished(in catalog: BackupCatalog) -> Set<BackupID> {
        let finished = catalog.backups.filter { [.done, .failed].contains($0.details?.status) }
        return kept.intersection(finished.map(\.id))
    }
}

extension LossProbe {
    /// Why nothing may be deleted where a later listing lacks something, nil where it lacks nothing.
    public func refusal(of losses: [ServerWitness.Loss]) async throws -> DeletionRefused? {
        guard let first = losses.first?.description(size: catalog.wal.segmentSize) else { return nil }
        switch try await answer(to: losses) {
        case .stillThere(let key):
            return DeletionRefused(
                .contradiction,
                "two listings of \(store.name) contradict each other: the second lacks \(key), which the store hands out"
            )
        case .gone:
            return DeletionRefused(
                .changed,
                "\(first) was listed at first and is not there any more: somebody else deletes here, or has replaced it"
            )
        }
    }
}
