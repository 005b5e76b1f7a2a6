public import ArgumentParser
public import BarmanRecovery

/// What may be opened to decide where a window ends.
struct EvidenceOption: ParsableArguments {
    @Option(
        help: """
            records opens the few WAL objects that decide, full all of them; names uses the listing alone.
            """
    )
    var evidence = WALEvidence.records
}

extension WALEvidence: ExpressibleByArgument {}
