public import BarmanCatalog
public import BarmanRecovery
public import ObjectStorage
public import PostgresWAL

/// What a retention policy would delete below a location, server by server.
public struct PlanReport: Sendable {
    /// What it would delete of one server.
    public struct Server: Sendable {
        /// The server's name.
        public var name: String
        /// The server's directory.
        public var prefix: ObjectKey
        /// The plan.
        public var plan: RetentionPlan
        /// The segment size, to name segments.
        public var segmentSize: WALSegmentSize
        /// The objects that would go.
        public var total = ObjectTotal()
        /// Those of them that Barman's own command would leave, by why they go; of an exact plan only.
        public var beyondBarman: [RetentionReason: ObjectTotal] = [:]
        /// Base backups that lie elsewhere.
        public var elsewhere: [BackupElsewhere]
        /// The keys of the objects that go, in the order of deletion, nil where they were not asked for.
        public var keys: [ObjectKey]?

        /// The plan of a server of which no object was counted yet.
        public init(_ plan: RetentionPlan, of catalog: BackupCatalog) {
            name = catalog.name
            prefix = catalog.prefix
            segmentSize = catalog.wal.segmentSize
            elsewhere = catalog.elsewhere
            self.plan = plan
        }
    }

    /// The policy.
    public var policy: RetentionPolicy
    /// The time for which the plans are made.
    public var now: TimestampTZ
    /// How many finished backups stay in any case.
    public var minimumRedundancy: Int
    /// The plans.
    public var servers: [Server]
    /// `sha256:` and the digest of everything that would go and of the backups that stay.
    public var digest: String
    /// What the store keeps of deleted objects, nil where it was not asked.
    public var protection: DeletionProtection?

    /// A report of these parts.
    public init(
        policy: RetentionPolicy,
        now: TimestampTZ,
        minimumRedundancy: Int,
        servers: [Server],
        digest: String
    ) {
        self.policy = policy
        self.now = now
        self.minimumRedundancy = minimumRedundancy
        self.servers = servers
        self.digest = digest
    }

    /// Whether nothing may be deleted on some of the plans.
    public var isRefused: Bool { servers.contains { $0.plan.isRefused } }
}

extension PlanReport.Server {
    /// How many objects would go.
    public var objects: Int { total.objects }

    /// The sum of their sizes, in bytes.
    public var bytes: Int64 { total.bytes }

    /// Which backups stay, and which go.
    public var choice: BackupsChosen {
        let (kept, gone) = (
            plan.decisions.filter { $0.action == .keep }, plan.decisions.filter { $0.action == .delete }
        )
        return BackupsChosen(kept: Set(kept.map(\.backup)), gone: Set(gone.map(\.backup)))
    }

    /// The objects that Barman's own command would leave, by why they go, most objects first.
    var beyond: [(reason: RetentionReason, total: ObjectTotal)] {
        beyondBarman.map { (reason: $0.key, total: $0.value) }
            .sorted { ($1.total.objects, "\($0.reason)") < ($0.total.objects, "\($1.reason)") }
    }

    /// What is about to be deleted, in a line, nil where nothing is.
    public var announcement: String? {
        guard objects > 0 else { return nil }
        let backups = plan.decisions.filter { $0.action == .delete }.map(\.backup.description)
        let segments = plan.wal.delete.reduce(0) { $0 + $1.count }
        let named = backups.count > Self.mostNamed ? "\(backups[0]) to \(backups[backups.count - 1])" : nil
        let names = backups.isEmpty ? "" : " (\(named ?? backups.joined(separator: ", ")))"
        return "deleting \(counted(backups.count, "backup"))\(names) and \(counted(segments, "WAL segment")) of "
            + "\(printable(prefix.bytes.dropLast())): \(counted(objects, "object")), \(byteCount(bytes))"
    }

    /// What becomes of the WAL of base backups that lie elsewhere.
    private var elsewhereFindings: [Finding] {
        guard plan.segmentsOfElsewhere > 0 else {
            guard plan.semantics == .exact, let first = elsewhere.first else { return [] }
            return [
                Finding(
                    .backupElsewhere,
                    .info,
                    "WAL from \(first.file.segment) on stays for \(counted(elsewhere.count, "base backup")) elsewhere, such as "
                        + "volume snapshots",
                    hint: "if they are gone, say so with --drop-elsewhere"
                )
            ]
        }
        let count = counted(plan.segmentsOfElsewhere, "WAL segment")
        return [
            Finding(
                .backupElsewhere,
                .warning,
                "\(count) would go that base backups elsewhere, such as volume snapshots, need",
                hint: plan.semantics == .barman
                    ? "Barman does not look at them; plan with --semantics exact, which keeps that WAL"
                    : "that is what --drop-elsewhere asks for"
            )
        ]
    }

    // More do not fit in a line.
    private static let mostNamed = 3

    /// What speaks against the plan, and what its policy does that its words do not say.
    public var findings: [Finding] {
        plan.refusals.map { refusal in
            Finding(.retentionRefused, .error, "nothing may be deleted: \(refusal)", hint: refusal.hint)
        }
            + elsewhereFindings
            + plan.policy.surprises(at: plan.now, minimumRedundancy: plan.minimumRedundancy).map { surprise in
                Finding(.retentionPolicy, .info, "the policy means more than it says: \(surprise)")
            }
    }
}
