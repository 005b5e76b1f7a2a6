import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import TestSupport
import Testing

/// Holds the verdicts that share what they read against those that read all for themselves, on real WAL.
struct SharedReplayOracleTests {
    @Test(arguments: try OracleRecord.scenarios)
    func `trying all backups gives the verdict that the chosen one has alone`(scenario: String) async throws {
        let bucket = try FixtureBucket(scenario)
        let catalog = try await bucket.catalog()
        let asked = try OracleRecord.all(of: scenario).map(\.0)
        for server in catalog.servers {
            let analysis = RecoveryAnalysis(of: server)
            let source = RememberingWALSource(WALArchiveReader(store: bucket.store, catalog: server))
            let search = TargetSearch(analysis, reading: source, evidence: .full)
            let targets = Set(asked.filter { ObjectKey($0.server) == server.prefix }.compactMap(\.recoveryTarget))
            for target in Self.some(of: targets) + [RecoveryTarget(.name("nowhere"))] {
                let shared = try await search.verdict(on: target, from: .any)
                guard let chosen = shared.backup else { continue }
                var alone = try await search.verdict(on: target, from: .explicit(chosen))
                alone.opened = shared.opened
                // Alone it is told which other backup would do; here none does.
                alone.hint = shared.hint
                #expect(alone == shared, "\(target)")
                for backup in server.backups.reversed() where backup.id != chosen {
                    guard shared.answer != .reachable || backup.id > chosen else { continue }
                    let other = try await search.verdict(on: target, from: .explicit(backup.id))
                    #expect(other.answer != .reachable || Self.isTooLate(backup, for: target), "\(target)")
                }
            }
        }
    }

    /// A few of each kind, the same in every run.
    private static func some(of targets: Set<RecoveryTarget>) -> [RecoveryTarget] {
        Dictionary(grouping: targets.sorted { "\($0)" < "\($1)" }) { target in
            switch target.kind {
            case .time: 0
            case .xid: 1
            case .name: 2
            case .lsn: 3
            case .immediate, .latest: 4
            }
        }.values.flatMap { $0.prefix(3) }
    }

    /// Backups that ended behind a time are not tried for it.
    private static func isTooLate(_ backup: BaseBackup, for target: RecoveryTarget) -> Bool {
        guard case .time(let time) = target.kind, let end = backup.details?.endTime else { return false }
        return end > time
    }
}
