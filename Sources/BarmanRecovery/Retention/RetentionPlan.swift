public import BarmanCatalog
public import PostgresWAL

/// What a retention policy would delete of one server, and why: a value, computed from values; it deletes nothing.
///
/// Which keys go is asked of it one by one, while the archive is listed again: ``deletion(of:)``. That nothing is lost
/// is proven twice: the windows before and after are compared, and of each key that goes ``protects(_:)`` says anew
/// whether a recovery could read it.
public struct RetentionPlan: Sendable {
    /// Whose rules decide.
    public enum Semantics: String, Hashable, Sendable, CaseIterable {
        /// Everything that no kept backup needs on any way goes, everything else stays.
        case exact
        /// Exactly what `barman-cloud-backup-delete --retention-policy` 3.19.1 deletes.
        case barman
    }

    /// What else goes, beside what the policy gives up; ``Semantics/barman`` takes no notice of it.
    public struct Inclusions: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: Int

        /// The inclusions of these bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Failed backups.
        public static let failed = Inclusions(rawValue: 1)
        /// Backups that were never finished, a day after the last sign of life and once a finished one is newer.
        public static let unfinished = Inclusions(rawValue: 2)
        /// Annotations of backups that are gone, and WAL that no backup of the bucket could use even before the plan.
        public static let orphans = Inclusions(rawValue: 4)
        /// WAL that only base backups elsewhere need: they are gone.
        public static let elsewhere = Inclusions(rawValue: 8)
    }

    /// What becomes of a backup.
    public enum Action: String, Hashable, Sendable {
        /// It stays.
        case keep
        /// It goes.
        case delete
    }

    /// What becomes of one backup, and why.
    public struct Decision: Hashable, Sendable {
        /// The backup.
        public var backup: BackupID
        /// What the policy makes of it.
        public var status: RetentionStatus
        /// What becomes of it.
        public var action: Action
        /// Why: the policy's reason first.
        public var reasons: [RetentionReason]
    }

    /// The policy.
    public let policy: RetentionPolicy

    /// How many finished backups stay in any case.
    public let minimumRedundancy: Int

    /// The time for which it is made.
    public let now: TimestampTZ

    /// Whose rules decided.
    public let semantics: Semantics

    /// What else was to go.
    public let inclusions: Inclusions

    /// What becomes of the backups, by id.
    public let decisions: [Decision]

    /// What becomes of the WAL.
    public let wal: WALCleanup

    /// Why nothing may be deleted on this plan; empty where it is safe.
    public let refusals: [RetentionRefusal]

    /// What can be recovered now.
    public let windowsBefore: [RecoveryWindow]

    /// What can be recovered when everything that goes is gone.
    public let windowsAfter: [RecoveryWindow]

    /// How keys are told apart.
    let rule: DeletionRule

    /// What must not go, whatever the rule says.
    let windowGuard: WindowGuard

    /// The segment size, to number segments.
    let segmentSize: WALSegmentSize

    /// What Barman's own command would do, to be told beside the plan.
    let barman: BarmanRun

    /// How many segments go that base backups elsewhere need.
    public let segmentsOfElsewhere: Int

    /// Whether nothing may be deleted on it.
    public var isRefused: Bool { !refusals.isEmpty }

    /// The first moment of the recovery window, nil for a policy without one.
    public var pointOfRecoverability: TimestampTZ? { policy.pointOfRecoverability(at: now) }

    /// The plan for a server under a policy.
    public init(
        for catalog: BackupCatalog,
        under policy: RetentionPolicy,
        at now: TimestampTZ,
        minimumRedundancy: Int = 0,
        semantics: Semantics = .exact,
        including inclusions: Inclusions = []
    ) {
        self.policy = policy
        self.minimumRedundancy = minimumRedundancy
        self.now = now
        self.semantics = semantics
        self.inclusions = inclusions
        let report = RetentionReport(of: catalog, under: policy, minimumRedundancy: minimumRedundancy, at: now)
        let draft: PlanDraft
        let analysis = RecoveryAnalysis(of: catalog)
        switch semantics {
        case .exact: draft = PlanDraft(exactly: analysis, report, at: now, including: inclusions)
        case .barman: draft = PlanDraft(asBarman: analysis, report)
        }
        decisions = zip(draft.decisions, analysis.assessments).map { decision, assessment in
            guard decision.action == .keep, decision.status != .none, assessment.isRestorable == false else {
                return decision
            }
            var decision = decision
            decision.reasons.append(.cannotBeRestored)
            return decision
        }
        wal = draft.wal
        rule = draft.rule
        let gone = Set(draft.decisions.filter { $0.action == .delete }.map(\.backup))
        windowsBefore = analysis.windows
        barman = BarmanRun(catalog: catalog, report: report)
        segmentsOfElsewhere = draft.wal.segments(neededElsewhereIn: catalog)
        let isUntouched = gone.isEmpty && draft.wal.segments.isEmpty
        let after = isUntouched ? analysis : RecoveryAnalysis(of: catalog.removing(gone, draft.wal.segments))
        windowsAfter = after.windows
        let standalone = Set(
            report.rows.filter { $0.status == .keepStandalone && !$0.isWanted }.map(\.backup.id)
        )
        segmentSize = catalog.wal.segmentSize
        windowGuard = WindowGuard(
            of: analysis,
            keeping: Set(draft.decisions.filter { $0.action == .keep }.map(\.backup)),
            standalone: standalone
        )
        let comparison = WindowComparison(
            before: windowsBefore.filter { !gone.contains($0.backup) },
            after: windowsAfter
        )
        // A plan that deletes nothing makes nothing worse.
        let takesWAL =
            !draft.wal.delete.isEmpty
            || catalog.wal.partials.contains { partial in
                partial.name.number(size: catalog.wal.segmentSize)
                    .map { draft.wal.segments.contains(partial.name.timeline, $0) } ?? false
            }
        let isHopeless = (!gone.isEmpty || takesWAL) && after.assessments.allSatisfy { $0.isRestorable == false }
        refusals =
            draft.refusals + (isHopeless ? [.nothingRestorableWouldStay] : [])
            + comparison.losses(standalone: standalone)
    }
}
