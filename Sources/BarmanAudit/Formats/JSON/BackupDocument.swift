internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// One backup of a JSON report.
struct BackupDocument: Encodable {
    let id: String
    let name: Nullable<String>
    let status: Nullable<String>
    let timeline: Nullable<UInt32>
    let beginWAL: Nullable<String>
    let endWAL: Nullable<String>
    let beginLSN: Nullable<String>
    let endLSN: Nullable<String>
    let beginTime: Nullable<String>
    let endTime: Nullable<String>
    let postgresVersion: Nullable<Int>
    let systemIdentifier: Nullable<String>
    let bytes: Int64
    let objects: Int
    let keep: Nullable<String>
    let restorable: Nullable<Bool>
    let problems: [String]

    init(_ assessment: BackupAssessment, in report: ServerReport) {
        let backup = assessment.backup
        let details = backup.details
        id = backup.id.description
        name = Nullable(details?.name.map { printable($0) })
        status = Nullable(details.map { printable($0.status.description) })
        timeline = Nullable(details?.timeline?.rawValue)
        beginWAL = Nullable(details?.beginWAL?.description)
        endWAL = Nullable(details?.endWAL?.description)
        beginLSN = Nullable(details?.beginLSN?.description)
        endLSN = Nullable(details?.endLSN?.description)
        beginTime = Nullable(details?.beginTime?.description)
        endTime = Nullable(details?.endTime?.description)
        postgresVersion = Nullable(details?.version)
        systemIdentifier = Nullable(details?.systemIdentifier.map { printable($0) })
        bytes = backup.bytes
        objects = backup.objects
        keep = Nullable(backup.keep?.name)
        restorable = Nullable(report.isRestorable(assessment))
        problems = report.problems(of: backup.id).map(\.rawValue)
    }
}

extension KeepAnnotation.Kind {
    /// What Barman calls it, nil for one that keeps nothing.
    var name: String? {
        switch self {
        case .full: "full"
        case .standalone: "standalone"
        case .empty: nil
        }
    }
}
