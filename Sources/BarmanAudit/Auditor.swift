public import BarmanCatalog
public import BarmanRecovery

/// Asks every question of every server.
public struct Auditor: Sendable {
    private let options: AuditOptions

    private static let standardChecks: [any AuditCheck] = [
        ListingCheck(),
        ReadingCheck(),
        IdentityCheck(),
        CoverageCheck(),
        BackupStatusCheck(),
        BackupCompletenessCheck(),
        WALContinuityCheck(),
        TimelineCheck(),
        PartialSegmentCheck(),
        WALObjectCheck(),
        WALContentCheck(),
        KeepAnnotationCheck(),
    ]

    /// An auditor that reckons ages as the options say.
    public init(_ options: AuditOptions) {
        self.options = options
    }

    /// What the listing alone allows to say about one server, what matters most first.
    public func audit(_ catalog: BackupCatalog) -> ServerReport {
        audit(RecoveryAnalysis(of: catalog))
    }

    /// What is to be said about one server, what matters most first.
    public func audit(_ analysis: RecoveryAnalysis) -> ServerReport {
        let subject = AuditSubject(analysis: analysis, options: options)
        // Of the home of a Barman server nothing was read that the others could judge.
        let isHome = analysis.catalog.barmanServerHome != nil
        let checks: [any AuditCheck] = isHome ? [BarmanServerCheck()] : Self.standardChecks
        let findings = checks.flatMap { $0.findings(in: subject) }
        let ordered = findings.enumerated().sorted { left, right in
            (right.element.severity, left.offset) < (left.element.severity, right.offset)
        }
        return ServerReport(analysis: subject.analysis, findings: ordered.map(\.element))
    }
}

/// What an audit says about one server.
public struct ServerReport: Sendable {
    /// What was found and concluded.
    public let analysis: RecoveryAnalysis

    /// What is to be said about it, what matters most first.
    public let findings: [Finding]

    /// The worst severity among the findings, nil where there is none.
    public var worst: Severity? { findings.map(\.severity).max() }

    /// Whether nothing in the listing speaks against restoring a backup; nil where the listing does not decide.
    ///
    /// WAL that has not come within the grace period will not come any more: that is the auditor's to say, because
    /// the analysis knows no clock.
    public func isRestorable(_ assessment: BackupAssessment) -> Bool? {
        let isLost = findings.contains { $0.code == .walGapInBackup && $0.backup == assessment.backup.id }
        return isLost ? false : assessment.isRestorable
    }
}
