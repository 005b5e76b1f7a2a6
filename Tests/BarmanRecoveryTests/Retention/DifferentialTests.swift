import BarmanCatalog
import BarmanRecovery
import ObjectStorage
import PostgresWAL
import Testing

/// Compares `--semantics barman` with what `barman-cloud-backup-delete` 3.19.1 did to the same archives.
struct DifferentialTests {
    private static let recorded = try? DifferentialCase.all()

    @Test
    func `there are cases, and many of them delete something`() throws {
        let cases = try #require(Self.recorded).cases
        let runs = cases.flatMap(\.runs)
        let isCommitted = DifferentialCase.other == nil
        #expect(cases.count >= (isCommitted ? 200 : 1))
        #expect(runs.count { $0.gone.contains { $0 != "0" } } > (isCommitted ? runs.count / 4 : 0))
    }

    @Test(arguments: recorded?.cases ?? [])
    func `deletes exactly the keys that Barman deletes`(recorded: DifferentialCase) async throws {
        let now = try #require(Self.recorded).now
        guard let catalog = try await recorded.catalog() else {
            #expect(recorded.runs.allSatisfy { !$0.gone.contains { $0 != "0" } })
            return
        }
        let reader = ArchiveEntryReader(of: catalog)
        for run in recorded.runs {
            let plan = RetentionPlan(
                for: catalog,
                under: try RetentionPolicy(parsing: run.policy),
                at: now,
                minimumRedundancy: run.minimum,
                semantics: .barman
            )
            let gone = Set(
                recorded.keys.filter { key in reader.entry(for: key).flatMap(plan.deletion) != nil }
            )
            let barmans = recorded.gone(in: run)
            let missed = barmans.subtracting(gone).sorted()
            let more = gone.subtracting(barmans).sorted()
            #expect(missed.isEmpty && more.isEmpty, "\(recorded.seed), \(run): missed \(missed), too many \(more)")
            // What Barman deletes without cutting a window is nothing that a recovery reads.
            if !plan.isRefused {
                let read = gone.filter { key in reader.entry(for: key).map(plan.protects) ?? false }
                #expect(read.isEmpty, "\(recorded.seed), \(run): \(read.sorted())")
            }
            let stops = plan.refusals.contains { if case .barmanWouldStop = $0 { true } else { false } }
            #expect(stops == (run.status != 0), "\(recorded.seed), \(run): \(plan.refusals)")
        }
    }
}
