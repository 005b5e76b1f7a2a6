import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// Holds the exact ends of windows against where real PostgreSQL came to without a target.
struct WindowOracleTests {
    /// Where a recovery without target landed, by server, backup and timeline.
    private func landings(in scenario: String) throws -> [Way: OracleRecord.Outcome] {
        var landings: [Way: OracleRecord.Outcome] = [:]
        for (target, outcome) in try OracleRecord.all(of: scenario) where target.kind == "latest" && !target.noPartial {
            landings[Way(server: target.server, backup: target.backup, timeline: target.timeline)] = outcome
        }
        return landings
    }

    private struct Way: Hashable {
        var server: String
        var backup: String
        /// As it was asked for.
        var timeline: String
    }

    private func windows(of scenario: String, readInFull most: UInt64) async throws -> [(Way, RecoveryWindow)] {
        let bucket = try FixtureBucket(scenario)
        var windows: [(Way, RecoveryWindow)] = []
        for catalog in try await bucket.catalog().servers {
            let source = RememberingWALSource(WALArchiveReader(store: bucket.store, catalog: catalog))
            let search = WindowSearch(RecoveryAnalysis(of: catalog), reading: source, mostReadInFull: most)
            for window in try await search.evidence().windows {
                let server = catalog.prefix.description
                let way = Way(server: server, backup: "\(window.backup)", timeline: "\(window.timeline)")
                windows.append((way, window))
            }
        }
        return windows
    }

    @Test(arguments: try OracleRecord.scenarios)
    func `a window ends with the last transaction that PostgreSQL replays`(scenario: String) async throws {
        let landings = try landings(in: scenario)
        var compared = 0
        for (asked, window) in try await windows(of: scenario, readInFull: 32) {
            #expect(window.evidence == .records)
            var way = asked
            if window.isLatest, landings[way] == nil { way.timeline = "latest" }
            // By number PostgreSQL wants the history file of the backup's own timeline too, by `current` it does not.
            guard let outcome = landings[way], outcome.failure != "timeline-does-not-exist" else { continue }
            compared += 1
            guard let landing = outcome.landsAt, let consistency = window.from.time else {
                // Something that ends a recovery fatally ends the window before it.
                #expect(window.ending == .damagedWAL || outcome.reached, "\(way)")
                continue
            }
            if landing.pastFork == true {
                // PostgreSQL went on with what was abandoned; the window ends at the fork.
                #expect(LSN(landing.lsn).map { window.to.lsn < $0 } ?? false, "\(way)")
                continue
            }
            let time = landing.time.flatMap { TimestampTZ.parse($0)?.time }
            #expect(window.to.time == max(time ?? consistency, consistency), "\(way)")
            #expect(LSN(landing.lsn).map { window.to.lsn <= $0 } ?? false, "\(way)")
        }
        // In these two no backup has a window: WAL is missing, or what Barman restores is not whole.
        #expect(compared > 0 || ["bare", "missing-parts"].contains(scenario))
    }

    @Test(arguments: ["healthy-gzip", "promotions", "transactions", "segments-64mb", "compressions", "keeps"])
    func `the end of a chain tells what all of it tells`(scenario: String) async throws {
        let whole = try await windows(of: scenario, readInFull: 32)
        let tails = try await windows(of: scenario, readInFull: 0)
        #expect(whole.map(\.1) == tails.map(\.1))
    }
}
