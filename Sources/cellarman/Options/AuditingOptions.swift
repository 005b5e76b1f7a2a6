import ArgumentParser
import BarmanAudit
import Glibc
import PostgresWAL

/// What to take for granted, and what to call bad.
struct AuditingOptions: ParsableArguments {
    @Option(
        help: "The time to reckon ages from, RFC 3339, to ask about the past. Default: now.",
        transform: timeWithOffset
    )
    var now: TimestampTZ?

    @Option(help: "How long a hole at the end of the WAL may be an upload under way: 30s, 5m, 1h.")
    var grace = TimeSpan(seconds: 300)

    /// The options of an audit.
    func auditOptions(maxBackupAge: TimeSpan? = nil, maxArchiveAge: TimeSpan? = nil) -> AuditOptions {
        AuditOptions(
            now: now ?? Self.clock,
            grace: grace.seconds,
            maxBackupAge: maxBackupAge?.seconds,
            maxArchiveAge: maxArchiveAge?.seconds
        )
    }

    /// A time with its offset: one without would mean another time on another machine.
    private static func timeWithOffset(_ text: String) throws -> TimestampTZ {
        guard let parsed = TimestampTZ.parse(text) else {
            throw ValidationError("expected a time with its offset, such as 2026-11-21T00:00:00Z")
        }
        guard parsed.hasOffset else {
            throw ValidationError("it has no offset; add Z for UTC, or one such as +01:00")
        }
        return parsed.time
    }

    /// The time now.
    static var clock: TimestampTZ {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return TimestampTZ(unixMicroseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// A length of time as people write it: `90s`, `5m`, `26h`, `7d`, `2w`.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Double

    init(seconds: Double) {
        self.seconds = seconds
    }

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = argument.last.flatMap({ units[$0] }), let number = UInt32(argument.dropLast()) else {
            return nil
        }
        seconds = Double(number) * unit
    }

    var defaultValueDescription: String { "\(Int(seconds / 60))m" }
}
