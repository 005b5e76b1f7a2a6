public import ArgumentParser
import BarmanCatalog
import BarmanRecovery
public import PostgresWAL

/// Which recovery target is meant, and from which backup.
struct TargetOptions: ParsableArguments {
    @Option(help: "A time, RFC 3339 or PostgreSQL's own form: 2026-11-20T21:00:00Z, '2026-11-20 21:00:00+00'.")
    var targetTime: TimeArgument?

    @Option(help: "A position in the WAL: 16/B374D848.")
    var targetLSN: LSN?

    @Option(help: "A top-level transaction, decimal.")
    var targetXID: UInt32?

    @Option(help: "The name of a restore point.")
    var targetName: String?

    @Flag(help: "As soon as the backup is consistent.")
    var targetImmediate = false

    @Flag(help: "Stop just before the target, not just behind it.")
    var exclusive = false

    @Option(help: "Which timeline to follow: latest, current, or a number.")
    var targetTimeline = TimelineArgument(timeline: .latest)

    @Option(help: "Restore this backup.")
    var backupID: String?

    @Option(
        help: """
            records opens the few WAL objects that decide, full every one from the backup to the target; \
            names uses the listing alone, which can refute and never prove.
            """
    )
    var evidence = WALEvidence.records

    @Option(help: "Who picks the backup: cnpg, barman, or any (the best that PostgreSQL itself could use).")
    var selection = Selection.cnpg

    /// Who picks the backup.
    enum Selection: String, ExpressibleByArgument, CaseIterable {
        case cnpg
        case barman
        case any
    }

    func validate() throws {
        let given = [targetTime != nil, targetLSN != nil, targetXID != nil, targetName != nil, targetImmediate]
        guard given.count(where: { $0 }) <= 1 else {
            throw ValidationError("at most one of --target-time, -lsn, -xid, -name and -immediate can be given")
        }
        if let targetName, targetName.utf8.count > 63 {
            throw ValidationError("a restore point has a name of at most 63 bytes, got \(targetName.utf8.count)")
        }
    }

    /// The target as a value.
    var target: RecoveryTarget {
        let kind: RecoveryTarget.Kind =
            if let targetTime { .time(targetTime.time) } else if let targetLSN { .lsn(targetLSN) } else if let targetXID
            {
                .xid(targetXID)
            } else if let targetName { .name(targetName) } else if targetImmediate { .immediate } else { .latest }
        return RecoveryTarget(kind, isInclusive: !exclusive, timeline: targetTimeline.timeline)
    }

    /// Who picks the backup, as a value.
    var backupSelection: BackupSelection {
        if let backupID { return .explicit(BackupID(backupID)) }
        return switch selection {
        case .cnpg: .cnpg
        case .barman: .barman
        case .any: .any
        }
    }
}

/// A target time; one without an offset is UTC, which the command warns of.
struct TimeArgument: ExpressibleByArgument {
    let time: TimestampTZ
    let hasOffset: Bool

    init?(argument: String) {
        guard let parsed = TimestampTZ.parse(argument) else { return nil }
        // CloudNativePG admits a blank before the time together with Z, which PostgreSQL refuses.
        if argument.contains(" "), argument.hasSuffix("Z") || argument.hasSuffix("z") { return nil }
        time = parsed.time
        hasOffset = parsed.hasOffset
    }
}

/// `latest`, `current` or a number.
struct TimelineArgument: ExpressibleByArgument {
    let timeline: RecoveryTarget.Timeline

    init(timeline: RecoveryTarget.Timeline) {
        self.timeline = timeline
    }

    init?(argument: String) {
        switch argument {
        case "latest": timeline = .latest
        case "current": timeline = .current
        default:
            guard let number = UInt32(argument), number > 0 else { return nil }
            timeline = .number(TimelineID(rawValue: number))
        }
    }

    var defaultValueDescription: String { "latest" }
}

extension LSN: ExpressibleByArgument {
    /// A position as PostgreSQL prints it.
    public init?(argument: String) {
        self.init(argument)
    }
}
