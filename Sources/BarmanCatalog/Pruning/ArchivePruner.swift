public import ObjectStorage

/// Deletes objects of a server that somebody else has chosen: backups oldest first, of each its data before its
/// `backup.info`, WAL behind all backups.
///
/// It is the only thing that deletes. Killed at any point it leaves what a second run takes for what it is: as long
/// as `backup.info` is there the backup is chosen again, and WAL goes when no backup is left that it served.
public struct ArchivePruner: Sendable {
    /// What became of one object.
    public struct Event: Hashable, Sendable {
        /// The object, as it was listed.
        public var object: ObjectSummary
        /// What became of it.
        public var outcome: DeletionOutcome

        /// That this became of an object.
        public init(object: ObjectSummary, outcome: DeletionOutcome) {
            self.object = object
            self.outcome = outcome
        }
    }

    /// How much was deleted.
    public struct Tally: Hashable, Sendable {
        /// Objects that are gone.
        public var deleted = 0
        /// The sum of their sizes, in bytes.
        public var deletedBytes: Int64 = 0
        /// Objects that a store with versions only hid.
        public var hidden = 0
        /// Objects that may still be there.
        public var failed = 0
        /// Whether WAL was left alone because an object of a backup could not be deleted.
        public var leftWAL = false
        /// Chosen objects that were still listed behind the deletion.
        public var remaining = 0
        /// The first of the objects that may still be there, and why.
        public var failures: [Event] = []

        /// Nothing yet.
        public init() {}

        // Enough to see what is wrong; all of them are reported.
        fileprivate static let mostFailures = 5
    }

    private let store: any DeletableObjectStore
    private let asking: @Sendable (ObjectSummary) throws -> Void
    private let report: @Sendable (Event) throws -> Void

    /// A pruner for a store.
    ///
    /// - Parameters:
    ///   - store: where the objects lie.
    ///   - asking: called for every object before the store is asked to delete it. Where it throws, it is not asked.
    ///   - report: called for every object, as soon as the store has answered. Where it throws, nothing more is
    ///     deleted than what the same request has deleted already, which is reported to its end.
    public init(
        store: any DeletableObjectStore,
        asking: @escaping @Sendable (ObjectSummary) throws -> Void = { _ in },
        report: @escaping @Sendable (Event) throws -> Void = { _ in }
    ) {
        self.store = store
        self.asking = asking
        self.report = report
    }

    /// Deletes what is chosen, and lists once more what of it is still there.
    ///
    /// - Parameters:
    ///   - catalog: the server.
    ///   - planned: how much was chosen from an earlier listing, nil where there was none.
    ///   - turn: when an object's turn is, nil for one that stays.
    /// - Throws: ``ChoiceChanged`` where that is not what is there now, `ObjectStoreError` where a request failed as a whole, and what the closures throw; what was deleted
    ///   before was reported.
    public func prune(
        _ catalog: BackupCatalog,
        expecting planned: ChosenObjects? = nil,
        choosing turn: (ArchiveEntry) -> DeletionTurn?
    ) async throws -> Tally {
        var tally = Tally()
        let listing = EntryListing(of: catalog, in: store)
        var ofBackups: [(turn: DeletionTurn, object: ObjectSummary)] = []
        var listed = ChosenObjects()
        let pages = try await listing.forEach { entry, object in
            guard let turn = turn(entry) else { return }
            listed.objects += 1
            listed.bytes &+= object.size
            if turn.backup != nil { ofBackups.append((turn, object)) }
        }
        try refuse(pages.suspicions)
        if let planned, planned != listed { throw ChoiceChanged(planned: planned, listed: listed) }
        ofBackups.sort { ($0.turn, $0.object.key) < ($1.turn, $1.object.key) }
        try await delete(ofBackups, &tally)
        if tally.failed == 0 {
            try await deleteOthers(listing, turn, &tally)
        } else {
            tally.leftWAL = true
        }
        // Nor is a deletion done on one.
        let left = try await listing.forEach { entry, _ in
            if turn(entry) != nil { tally.remaining += 1 }
        }
        try refuse(left.suspicions)
        return tally
    }

    /// Deletes objects of backups: those of one turn have to be gone before the next begins.
    private func delete(
        _ objects: [(turn: DeletionTurn, object: ObjectSummary)],
        _ tally: inout Tally
    ) async throws {
        var rest = objects[...]
        // A backup of which an object could not be deleted keeps its backup.info, so that it is chosen again.
        var stuck: Set<BackupID> = []
        while let first = rest.first {
            let batch = rest.prefix { $0.turn == first.turn }.prefix(DeletionOutcome.mostKeys)
            rest = rest.dropFirst(batch.count)
            if first.turn.phase == .info, let backup = first.turn.backup, stuck.contains(backup) {
                let error = ObjectStoreError(
                    .cancelled,
                    "left alone: data of the backup could not be deleted, and without backup.info nobody would look for it"
                )
                try note(batch.map { Event(object: $0.object, outcome: .failed(error)) }, &tally)
                continue
            }
            let failed = tally.failed
            try await delete(batch.map(\.object), &tally)
            if tally.failed > failed, let backup = first.turn.backup { stuck.insert(backup) }
        }
    }

    /// Deletes what belongs to no backup while it is listed, a batch at a time.
    private func deleteOthers(
        _ listing: EntryListing,
        _ turn: (ArchiveEntry) -> DeletionTurn?,
        _ tally: inout Tally
    ) async throws {
        var pages = listing.pages
        var batch: [ObjectSummary] = []
        while let page = try await pages.next() {
            try refuse(pages.suspicions)
            for (entry, object) in page {
                guard let turn = turn(entry), turn.backup == nil else { continue }
                batch.append(object)
                if batch.count == DeletionOutcome.mostKeys {
                    try await delete(batch, &tally)
                    batch = []
                }
            }
        }
        if !batch.isEmpty { try await delete(batch, &tally) }
    }

    /// Nothing is deleted on a listing that contradicts itself.
    private func refuse(_ suspicions: [String]) throws(ObjectStoreError) {
        guard let suspicion = suspicions.first else { return }
        throw ObjectStoreError(
            .inconsistentListing,
            "the listing of \(store.name) contradicts itself: \(suspicion)",
            hint: "list again; nothing is deleted on such a listing"
        )
    }

    private func delete(_ objects: [ObjectSummary], _ tally: inout Tally) async throws {
        for object in objects { try asking(object) }
        let outcomes = try await store.delete(objects.map(\.key))
        try note(zip(objects, outcomes).map(Event.init), &tally)
    }

    /// Counts what became of objects, and reports each of them.
    private func note(_ events: [Event], _ tally: inout Tally) throws {
        var failure: (any Error)?
        for event in events {
            switch event.outcome {
            case .deleted:
                tally.deleted += 1
                tally.deletedBytes &+= event.object.size
            case .hidden: tally.hidden += 1
            case .failed, .unknown:
                tally.failed += 1
                if tally.failures.count < Tally.mostFailures { tally.failures.append(event) }
            }
            do {
                try report(event)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}
