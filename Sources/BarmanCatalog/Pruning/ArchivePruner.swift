public import ObjectStorage

/// Deletes objects of a server that somebody else has chosen: backups oldest first, of each its data before its
/// `backup.info`, WAL behind all backups.
///
/// It is the only thing that deletes. Killed at any point it leaves what a second run takes for what it is: as long
/// as `backup.info` is there the backup is chosen again, and WAL goes when no backup is left that it served.
public struct ArchivePruner: Sendable {
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

    /// A server that was looked at and may be deleted from.
    public struct Prepared: Sendable {
        let catalog: BackupCatalog
        let choice: BackupsChosen
        /// What is chosen but WAL, in its turn.
        let chosen: [(turn: DeletionTurn, object: ObjectSummary)]
        /// What stays.
        let staying: ServerWitness
    }

    /// Deletes what is chosen of one server, and lists once more what of it is still there, and whether the rest is.
    ///
    /// ``prepare(_:expecting:choice:choosing:)``, ``carryOut(_:choosing:)`` and ``verify(_:choosing:_:)``, one after the
    /// other; of several servers all are prepared first.
    public func prune(
        _ catalog: BackupCatalog,
        expecting planned: ObjectTotal? = nil,
        choice: BackupsChosen = BackupsChosen(),
        choosing turn: (ArchiveEntry) -> DeletionTurn?
    ) async throws -> Tally {
        let prepared = try await prepare(catalog, expecting: planned, choice: choice, choosing: turn)
        var tally = try await carryOut(prepared, choosing: turn)
        try await verify(prepared, choosing: turn, &tally)
        return tally
    }

    /// Looks at a server before anything is deleted: lists it again, holds that against the catalog, and reads what the
    /// deletion rests on (``DeletionProof``).
    ///
    /// - Parameters:
    ///   - catalog: the server.
    ///   - planned: what was chosen from an earlier listing, nil where there was none.
    ///   - choice: which backups stay, and which go.
    ///   - turn: when an object's turn is, nil for one that stays.
    /// - Throws: ``ChoiceChanged`` and ``DeletionRefused`` where it is not what it was or cannot be believed;
    ///   `ObjectStoreError` where the store could not be asked.
    public func prepare(
        _ catalog: BackupCatalog,
        expecting planned: ObjectTotal? = nil,
        choice: BackupsChosen = BackupsChosen(),
        choosing turn: (ArchiveEntry) -> DeletionTurn?
    ) async throws -> Prepared {
        let (chosen, staying) = try await look(at: catalog, expecting: planned, choice, turn)
        // Where nothing goes it is enough to know what is there, to see afterwards whether it still is.
        if planned?.objects != 0,
            let contradiction = try await DeletionProof(store: store)
                .contradiction(in: catalog, keeping: choice.kept, deleting: choice.gone)
        {
            throw DeletionRefused(.changed, contradiction)
        }
        if let answer = store.cachedAnswer { throw DeletionRefused(.cached, "\(answer) came out of a cache") }
        return Prepared(catalog: catalog, choice: choice, chosen: chosen, staying: staying)
    }

    /// Deletes what is chosen.
    ///
    /// - Throws: `ObjectStoreError` where a request failed as a whole, and what the closures throw: what was deleted
    ///   before was reported.
    public func carryOut(
        _ prepared: Prepared,
        choosing turn: (ArchiveEntry) -> DeletionTurn?
    ) async throws -> Tally {
        var tally = Tally()
        let anchors = prepared.chosen.filter { $0.turn.backup == nil && $0.turn.phase == .info }
        try await delete(prepared.chosen.filter { $0.turn.backup != nil }, &tally)
        if tally.failed == 0 {
            try await deleteOthers(EntryListing(of: prepared.catalog, in: store, pageSize: 997), turn, &tally)
        } else {
            tally.leftWAL = true
        }
        try await delete(anchors: anchors, &tally)
        return tally
    }

    /// Lists once more what of it is still there, and whether the rest is.
    ///
    /// - Throws: `ObjectStoreError` where the store could not be asked, or where the listing contradicts itself: it cannot
    ///   show that the deletion is complete.
    public func verify(
        _ prepared: Prepared,
        choosing turn: (ArchiveEntry) -> DeletionTurn?,
        _ tally: inout Tally
    ) async throws {
        let (catalog, choice) = (prepared.catalog, prepared.choice)
        var later = ServerWitness(size: catalog.wal.segmentSize, after: prepared.staying)
        let left = try await EntryListing(of: catalog, in: store, pageSize: 996).forEach { entry, object in
            if turn(entry) != nil { tally.remaining += 1 }
            later.add(entry, object)
        }
        try refuse(left.suspicions)
        let kept = choice.settled(in: catalog).subtracting(choice.gone)
        let losses = prepared.staying.losses(in: later, ofBackups: kept)
        tally.losses = losses.prefix(Tally.mostFailures).map { $0.sentence(size: catalog.wal.segmentSize) }
        guard tally.losses.isEmpty else { return }
        if tally.deleted + tally.hidden > 0,
            let change = try await DeletionProof(store: store).contradiction(in: catalog, keeping: kept, deleting: [])
        {
            tally.losses.append(change)
        } else if let answer = store.cachedAnswer {
            tally.losses.append("\(answer) came out of a cache, so that nobody knows what is there")
        }
    }

    /// Lists the server before anything is deleted: what is chosen but WAL, in its turn, and what stays.
    private func look(
        at catalog: BackupCatalog,
        expecting planned: ObjectTotal?,
        _ choice: BackupsChosen,
        _ turn: (ArchiveEntry) -> DeletionTurn?
    ) async throws -> (chosen: [(turn: DeletionTurn, object: ObjectSummary)], staying: ServerWitness) {
        var chosen: [(turn: DeletionTurn, object: ObjectSummary)] = []
        var listed = ObjectTotal()
        var news = ListingNews(since: catalog)
        var everything = ServerWitness(size: catalog.wal.segmentSize)
        var staying = everything
        let pages = try await EntryListing(of: catalog, in: store, pageSize: 998).forEach { entry, object in
            everything.add(entry, object)
            let chosenTurn = turn(entry)
            news.see(entry, isGoing: chosenTurn != nil)
            guard let turn = chosenTurn else { return staying.add(entry, object) }
            listed.add(object)
            if turn.backup != nil || turn.phase == .info { chosen.append((turn, object)) }
        }
        try refuse(pages.suspicions)
        if let planned, planned != listed { throw ChoiceChanged(planned: planned, listed: listed) }
        if let news = news.news { throw DeletionRefused(.changed, news) }
        let losses = ServerWitness(of: catalog).losses(in: everything, ofBackups: choice.settled(in: catalog))
        if let refusal = try await LossProbe(store: store, catalog: catalog).refusal(of: losses) { throw refusal }
        chosen.sort { ($0.turn, $0.object.key) < ($1.turn, $1.object.key) }
        return (chosen, staying)
    }

    /// Deletes the `backup.info` files that were held back: as long as they are there, a run that was killed is taken up
    /// again, WAL included.
    private func delete(anchors: [(turn: DeletionTurn, object: ObjectSummary)], _ tally: inout Tally) async throws {
        guard !anchors.isEmpty else { return }
        guard tally.failed == 0 else {
            let error = ObjectStoreError(
                .cancelled,
                "left alone: something that goes with the backup could not be deleted, and without backup.info nobody would "
                    + "look for it"
            )
            return try note(anchors.map { Event(object: $0.object, outcome: .failed(error)) }, &tally)
        }
        for batch in stride(from: 0, to: anchors.count, by: DeletionOutcome.mostKeys) {
            try await delete(
                anchors[batch..<min(batch + DeletionOutcome.mostKeys, anchors.count)].map(\.object),
                &tally
            )
        }
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
                guard let turn = turn(entry), turn.backup == nil, turn.phase != .info else { continue }
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
