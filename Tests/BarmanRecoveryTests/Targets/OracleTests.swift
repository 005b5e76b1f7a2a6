import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

/// Holds every verdict against what real PostgreSQL did with the same target.
struct OracleTests {
    @Test(arguments: try OracleRecord.scenarios)
    func `no verdict contradicts PostgreSQL`(scenario: String) async throws {
        let bucket = try FixtureBucket(scenario)
        let catalog = try await bucket.catalog()
        let analyses = Dictionary(uniqueKeysWithValues: catalog.servers.map { ($0.prefix, RecoveryAnalysis(of: $0)) })
        var undetermined = 0
        var compared = 0
        var sources: [String: RememberingWALSource<WALArchiveReader>] = [:]
        for (asked, outcome) in try OracleRecord.all(of: scenario) {
            // Odd spellings are for the command to refuse, and never come to a verdict.
            guard !asked.id.contains("-spelling-"), let target = asked.recoveryTarget else { continue }
            let analysis = try #require(analyses[ObjectKey(asked.server)], "\(asked.server)")
            let kind = "\(asked.server) \(asked.noPartial)"
            let reader = WALArchiveReader(
                store: bucket.store,
                catalog: analysis.catalog,
                takesPartials: !asked.noPartial
            )
            let source = sources[kind] ?? RememberingWALSource(reader)
            sources[kind] = source
            let backup = BackupSelection.explicit(BackupID(asked.backup))
            func verdict(_ evidence: WALEvidence, readInFull most: UInt64) async throws -> TargetVerdict {
                try await TargetSearch(analysis, reading: source, evidence: evidence, mostReadInFull: most)
                    .verdict(on: target, from: backup)
            }

            let whole = try await verdict(.records, readInFull: 32)
            compared += 1
            if whole.answer == .undetermined { undetermined += 1 }
            expectAgreement(whole, outcome, asked.id)

            let names = try await verdict(.names, readInFull: 32)
            #expect(names.answer != .reachable, "\(asked.id): names prove nothing")
            expectAgreement(names, outcome, "\(asked.id) by names")

            // What is not opened may be damaged: no other difference is right.
            let halved = try await verdict(.records, readInFull: 2)
            if whole.damage.isEmpty { expectSame(halved, whole, asked.id) }
        }
        #expect(compared > 0)
        // Only a segment that PostgreSQL may read ahead to, or a split backup, leaves an answer open.
        #expect(undetermined == 0 || ["damaged-wal", "tablespaces", "missing-parts"].contains(scenario))
    }

    private func expectAgreement(_ verdict: TargetVerdict, _ outcome: OracleRecord.Outcome, _ id: String) {
        let problem = contradiction(verdict, outcome)
        #expect(problem == nil, "\(id): \(problem ?? ""), \(verdict.code.rawValue): \(verdict.reason)")
    }

    /// Holds a verdict for which few segments were opened against one for which all were.
    private func expectSame(_ halved: TargetVerdict, _ whole: TargetVerdict, _ id: String) {
        // A checkpoint tells that a transaction had ended, where the whole chain was read to its end before.
        if halved.code == .noSuchTransaction, whole.answer == .unreachable { return }
        #expect(halved.answer == whole.answer, "\(id): \(halved.code.rawValue), not \(whole.code.rawValue)")
        #expect(halved.code == whole.code, "\(id)")
        #expect(halved.landsAt == whole.landsAt, "\(id)")
        #expect(halved.before == whole.before, "\(id)")
    }

    /// What a verdict says against the recorded outcome, nil where they agree.
    private func contradiction(_ verdict: TargetVerdict, _ outcome: OracleRecord.Outcome) -> String? {
        switch verdict.answer {
        case .undetermined: return nil
        case .reachable:
            guard outcome.reached else { return "reachable, but PostgreSQL failed: \(outcome.failure ?? "-")" }
            guard let landing = verdict.landsAt, let wanted = outcome.landsAt else { return nil }
            guard wanted.pastFork != true else { return "reachable, but past the fork" }
            guard landing.lsn == LSN(wanted.lsn) else { return "lands at \(landing.lsn), not at \(wanted.lsn)" }
            guard landing.timeline.rawValue == wanted.timeline else {
                return "lands on timeline \(landing.timeline), not on \(wanted.timeline)"
            }
            guard landing.time == wanted.time.flatMap({ TimestampTZ.parse($0)?.time }) else {
                return "lands at \(landing.time?.description ?? "-"), not at \(wanted.time ?? "-")"
            }
            return nil
        case .unreachable:
            guard outcome.reached else { return nil }
            // PostgreSQL calls these reached and delivers another state than the one that was asked for: one that
            // is later than the target, or one with transactions that were abandoned.
            // Or it starts on a data directory of which a part is missing.
            if [.beforeBackupEnd, .backupNotRestorable].contains(verdict.code) || outcome.landsAt?.pastFork == true {
                return nil
            }
            return "unreachable, but PostgreSQL reached it"
        }
    }
}
