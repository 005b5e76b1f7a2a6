import BarmanRecovery
import PostgresWAL
import TestSupport

extension OracleRecord.Target {
    /// The target as the library takes it, nil where its spelling is not for the library to understand.
    var recoveryTarget: RecoveryTarget? {
        guard let kind = recoveryKind, let timeline = recoveryTimeline else { return nil }
        return RecoveryTarget(kind, isInclusive: inclusive, timeline: timeline)
    }

    private var recoveryTimeline: RecoveryTarget.Timeline? {
        switch timeline {
        case "latest": .latest
        case "current": .current
        default: UInt32(timeline).map { .number(TimelineID(rawValue: $0)) }
        }
    }

    private var recoveryKind: RecoveryTarget.Kind? {
        switch kind {
        case "immediate": .immediate
        case "latest": .latest
        case "time": value.flatMap { TimestampTZ.parse($0)?.time }.map { .time($0) }
        case "lsn": value.flatMap { LSN($0) }.map { .lsn($0) }
        case "xid": value.flatMap { UInt32($0) }.map { .xid($0) }
        case "name": value.map { .name($0) }
        default: nil
        }
    }
}
