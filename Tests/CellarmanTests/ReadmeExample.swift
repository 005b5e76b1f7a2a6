import BarmanAudit
import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL

/// The example of the README, as it stands there.
enum ReadmeExample {
    static func run(_ path: String) async throws -> [String] {
        var lines: [String] = []
        func print(_ text: String) { lines.append(text) }
        let now = TimestampTZ(rawValue: .max)

        let store = try DirectoryObjectStore(path: path)  // or S3ObjectStore(S3Configuration(bucket: …))
        let catalog = try await CatalogLoader(store: store).load(ArchiveLocation(destinationPath: path))
        for server in catalog.servers {
            let report = Auditor(AuditOptions(now: now)).audit(server)
            for window in report.analysis.windows {
                print("\(window.backup): from \(window.from.lsn) at most to \(window.to.lsn) on \(window.path)")
            }
            for finding in report.findings { print("\(finding.severity): \(finding.message)") }
        }
        return lines
    }
}
