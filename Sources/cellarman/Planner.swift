import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import ObjectStorageS3
import PostgresWAL

/// Makes the plans of a location: by server what the policy says, then by key, from a second listing, what goes.
struct Planner {
    let options: RetentionOptions
    let now: TimestampTZ
    let listsKeys: Bool
    let progress: ProgressLine

    func plan(_ catalog: BucketCatalog, in store: any ObjectStore) async throws -> PlanReport {
        defer { progress.finish() }
        if let refusal = Refusal(unread: catalog) { throw refusal }
        let digest = try PlanDigest(policy: options.policy, minimumRedundancy: options.minimumRedundancy)
        var servers: [PlanReport.Server] = []
        for server in catalog.servers {
            let plan = RetentionPlan(
                for: server,
                under: options.policy,
                at: now,
                minimumRedundancy: options.minimumRedundancy,
                semantics: options.semantics,
                including: options.inclusions
            )
            digest.begin(server.prefix, plan)
            servers.append(try await counted(plan, of: server, in: store, digest))
        }
        var report = PlanReport(
            policy: options.policy,
            now: now,
            minimumRedundancy: options.minimumRedundancy,
            servers: servers,
            digest: try digest.finish()
        )
        report.protection = try await (store as? S3ObjectStore)?.protection()
        return report
    }

    /// The plan with the objects that would go, counted and taken into the digest in the order of their keys.
    private func counted(
        _ plan: RetentionPlan,
        of catalog: BackupCatalog,
        in store: any ObjectStore,
        _ digest: PlanDigest
    ) async throws -> PlanReport.Server {
        var server = PlanReport.Server(plan, of: catalog)
        var witness = ServerWitness(size: catalog.wal.segmentSize)
        var chosen: [(turn: DeletionTurn, key: ObjectKey)] = []
        var listed = 0
        var wrong: ObjectKey?
        var news = ListingNews(since: catalog)
        let pages = try await EntryListing(of: catalog, in: store).forEach { entry, object in
            listed += 1
            witness.add(entry, object)
            progress.show("\(listed) objects listed again, \(server.objects) to delete")
            let going = plan.deletion(of: entry)
            news.see(entry, isGoing: going != nil)
            guard let deletion = going else { return }
            if plan.protects(entry) { wrong = wrong ?? object.key }
            server.total.add(object)
            if plan.semantics == .exact, !plan.isDeletedByBarman(entry) {
                server.beyondBarman[deletion.reason, default: ObjectTotal()].add(object)
            }
            digest.add(object)
            if listsKeys { chosen.append((deletion.turn, object.key)) }
        }
        if listsKeys {
            server.keys = chosen.sorted { ($0.turn, $0.key) < ($1.turn, $1.key) }.map(\.key)
        }
        // Refused: the counts are for the report alone.
        if plan.isRefused { return server }
        if let suspicion = pages.suspicions.first {
            throw Refusal(
                status: .refused,
                code: "listingSuspect",
                message: "the listing is suspect: \(suspicion)",
                hint: "list again; nothing was deleted"
            )
        }
        if let news = news.news {
            throw Refusal(
                status: .refused,
                code: "planStale",
                message: "the archive changed while it was looked at, or a listing was not whole: \(news)",
                hint: "plan again; nothing was deleted"
            )
        }
        let losses = ServerWitness(of: catalog).losses(in: witness, ofBackups: server.choice.settled(in: catalog))
        if let refused = try await LossProbe(store: store, catalog: catalog).refusal(of: losses) {
            throw Refusal(of: refused)
        }
        if let nested = pages.nested, plan.semantics == .barman {
            throw Refusal(
                status: .refused,
                code: "planUnsafe",
                message:
                    "\(nested) belongs to a server below \(catalog.prefix), whose WAL Barman would take for its own",
                hint: "plan with --semantics exact, which tells them apart; nothing was deleted"
            )
        }
        if let wrong {
            throw Refusal(
                status: .refused,
                code: "planUnsafe",
                message: "the plan would delete \(wrong), which a recovery from a backup that stays may read",
                hint: "plan with --semantics exact; if this is it, report a defect; nothing was deleted"
            )
        }
        return server
    }
}

extension Refusal {
    /// What is said where a plan is refused for one of its servers, nil where it is not.
    init?(of plan: PlanReport) {
        guard let server = plan.servers.first(where: \.plan.isRefused), let reason = server.findings.first else {
            return nil
        }
        let others = server.plan.refusals.count - 1
        let more = others > 0 ? " (and \(others) more, see retention plan)" : ""
        self.init(
            status: .refused,
            code: "planRefused",
            message: "\(server.prefix): \(reason.message)\(more)",
            hint: "\(reason.hint ?? "plan again"); nothing was deleted"
        )
    }
}

extension Refusal {
    /// That an object which a plan rests on could not be read, or was gone when it was to be read; nil where all were.
    init?(unread catalog: BucketCatalog) {
        if let object = catalog.servers.flatMap(\.unread).first {
            self.init(
                status: .couldNotLook,
                code: "objectUnreadable",
                message: "object \(object.key) could not be read: \(object.reason)",
                hint: "plan again; if it stays so, ask whoever runs the store; nothing was deleted"
            )
        } else if let key = catalog.servers.flatMap(\.gone).first {
            self.init(
                status: .refused,
                code: "planStale",
                message: "the archive changed while it was looked at: \(key) was listed, and is gone",
                hint: "plan again; nothing was deleted"
            )
        } else {
            return nil
        }
    }

    /// What is said where something speaks against a deletion before it begins.
    init(of refused: DeletionRefused) {
        let (code, hint) =
            switch refused.reason {
            case .changed: ("planStale", "look at the plan again with retention plan")
            case .contradiction: ("listingSuspect", "ask whoever runs the store: it contradicts itself")
            case .cached: ("cachedAnswer", "ask the store without the cache, or exempt this bucket from it")
            }
        self.init(
            status: .refused,
            code: code,
            message: refused.description,
            hint: "\(hint); nothing was deleted"
        )
    }
}

/// What a plan comes down to: two plans of one digest keep the same backups and delete the same objects.
final class PlanDigest {
    private let digest: RunningSHA256

    init(policy: RetentionPolicy, minimumRedundancy: Int) throws {
        digest = try RunningSHA256()
        add("cellarman plan 1")
        add(policy.description)
        add(String(minimumRedundancy))
    }

    /// Takes a server and its backups that stay.
    func begin(_ prefix: ObjectKey, _ plan: RetentionPlan) {
        add("server")
        add(prefix.bytes)
        add(plan.semantics.rawValue)
        add(String(plan.inclusions.rawValue))
        add(plan.isRefused ? "refused" : "")
        for decision in plan.decisions where decision.action == .keep {
            add("keep")
            add(decision.backup.bytes)
            add(decision.status.rawValue)
        }
    }

    /// Takes an object that goes.
    func add(_ object: ObjectSummary) {
        add("delete")
        add(object.key.bytes)
        add(String(object.size))
        add(object.etag ?? "")
    }

    /// `sha256:` and the digest.
    func finish() throws -> String {
        "sha256:\(try digest.finish())"
    }

    private func add(_ text: String) {
        add(Array(text.utf8))
    }

    /// With the length before it, so that no two lists of fields look alike.
    private func add(_ bytes: [UInt8]) {
        digest.add(Array("\(bytes.count):".utf8) + bytes)
    }
}
