internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// Retention plans as JSON.
struct PlanDocument: Encodable {
    struct Backup: Encodable {
        let id: String
        let status: String
        let action: String
        let reasons: [String]
    }

    struct Run: Encodable {
        let timeline: UInt32
        let first: String
        let last: String
        let segments: Int
    }

    struct Share: Encodable {
        let segments: Int
        let bytes: Int64
        let runs: [Run]?
    }

    struct WAL: Encodable {
        let keep: Share
        let delete: Share
        let hold: Nullable<String>
    }

    struct Objects: Encodable {
        let objects: Int
        let bytes: Int64
    }

    struct Beyond: Encodable {
        struct Part: Encodable {
            let reason: String
            let objects: Int
            let bytes: Int64
        }

        let objects: Int
        let bytes: Int64
        let parts: [Part]

        init(_ server: PlanReport.Server) {
            parts = server.beyond.map {
                .init(reason: "\($0.reason)", objects: $0.total.objects, bytes: $0.total.bytes)
            }
            objects = parts.reduce(0) { $0 + $1.objects }
            bytes = parts.reduce(0) { $0 &+ $1.bytes }
        }
    }

    struct Server: Encodable {
        let name: String
        let prefix: String
        let refused: Bool
        let pointOfRecoverability: Nullable<String>
        let backups: [Backup]
        let wal: WAL
        let delete: Objects
        let beyondBarman: Nullable<Beyond>
        let windowsBefore: [WindowDocument]
        let windowsAfter: [WindowDocument]
        let findings: [FindingDocument]
        let keys: [String]?
    }

    let schemaVersion = 1
    let policy: String
    let semantics: String
    let minimumRedundancy: Int
    let now: String
    let servers: [Server]
    let digest: String
    let protection: Nullable<ProtectionDocument>

    init(_ report: PlanReport) {
        policy = report.policy.description
        semantics = (report.servers.first?.plan.semantics ?? .exact).rawValue
        minimumRedundancy = report.minimumRedundancy
        now = report.now.description
        digest = report.digest
        protection = Nullable(report.protection.map(ProtectionDocument.init))
        servers = report.servers.map { server in
            let plan = server.plan
            return Server(
                name: server.name,
                prefix: server.prefix.description,
                refused: plan.isRefused,
                pointOfRecoverability: Nullable(plan.pointOfRecoverability?.description),
                backups: plan.decisions.map { decision in
                    Backup(
                        id: decision.backup.description,
                        status: decision.status.rawValue,
                        action: decision.action.rawValue,
                        reasons: decision.reasons.map(\.description)
                    )
                },
                wal: WAL(
                    keep: Self.share(plan.wal.keep, runs: nil),
                    delete: Self.share(plan.wal.delete, runs: server.segmentSize),
                    hold: Nullable(plan.wal.hold?.description)
                ),
                delete: Objects(objects: server.objects, bytes: server.bytes),
                beyondBarman: Nullable(plan.semantics == .exact ? Beyond(server) : nil),
                windowsBefore: plan.windowsBefore.map(WindowDocument.init),
                windowsAfter: plan.windowsAfter.map(WindowDocument.init),
                findings: server.findings.map(FindingDocument.init),
                keys: server.keys?.map(\.description)
            )
        }
    }

    private static func share(_ runs: [WALRun], runs size: WALSegmentSize?) -> Share {
        Share(
            segments: runs.reduce(0) { $0 + $1.count },
            bytes: runs.reduce(0) { $0 &+ $1.bytes },
            runs: size.map { size in
                runs.map { run in
                    Run(
                        timeline: run.timeline.rawValue,
                        first: run.firstName(size: size).description,
                        last: run.lastName(size: size).description,
                        segments: run.count
                    )
                }
            }
        )
    }
}
