public import ArgumentParser
public import BarmanRecovery

/// Which backups to keep, and by whose rules.
struct RetentionOptions: ParsableArguments {
    @Option(
        help: "30d, 4w, 6m, 'RECOVERY WINDOW OF 30 DAYS' or 'REDUNDANCY 3'.",
        transform: { text in
            do {
                return try RetentionPolicy(parsing: text)
            } catch let error as RetentionPolicyError {
                throw ValidationError(error.description)
            }
        }
    )
    var policy: RetentionPolicy

    @Option(parsing: .unconditional, help: "How many finished backups stay in any case.")
    var minimumRedundancy = 0

    @Option(help: "exact deletes what no backup that stays needs; barman what Barman's own command deletes.")
    var semantics = RetentionPlan.Semantics.exact

    @Option(
        help: """
            Delete these as well: failed, unfinished, orphans (annotations of backups that are gone, and WAL that no backup \
            here could use); with commas between them, or given several times.
            """
    )
    var include: [Inclusions] = []

    @Flag(help: "Base backups elsewhere, such as volume snapshots, are gone: do not keep WAL for them.")
    var dropElsewhere = false

    /// What goes beside, of all that was given.
    var inclusions: RetentionPlan.Inclusions {
        include.reduce(into: dropElsewhere ? .elsewhere : []) { $0.formUnion($1.values) }
    }

    func validate() throws {
        guard semantics == .exact || inclusions.isEmpty else {
            throw ValidationError(
                "--semantics barman deletes what Barman would; --include and --drop-elsewhere go with exact only"
            )
        }
        guard (0...1_000_000).contains(minimumRedundancy) else {
            throw ValidationError("--minimum-redundancy takes 0 to 1000000, got \(minimumRedundancy)")
        }
    }

    /// What goes beside what the policy gives up.
    struct Inclusions: ExpressibleByArgument {
        var values: RetentionPlan.Inclusions

        init?(argument: String) {
            values = []
            for word in argument.split(separator: ",") {
                switch word {
                case "failed": values.insert(.failed)
                case "unfinished": values.insert(.unfinished)
                case "orphans": values.insert(.orphans)
                default: return nil
                }
            }
            if values.isEmpty { return nil }
        }
    }
}

extension RetentionPlan.Semantics: ExpressibleByArgument {}
