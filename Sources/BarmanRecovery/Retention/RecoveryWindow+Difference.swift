internal import PostgresWAL

extension RecoveryWindow {
    /// How another window of the same backup and timeline differs from this one, as the rest of a sentence.
    func difference(from other: RecoveryWindow?) -> String {
        guard let other else { return "reach \(to.lsn), afterwards they would reach nothing" }
        if to.lsn != other.to.lsn { return "reach \(to.lsn), afterwards they would reach \(other.to.lsn)" }
        if path != other.path {
            return "come through timelines \(names(path)), afterwards through \(names(other.path))"
        }
        if isLatest != other.isLatest {
            return isLatest
                ? "are what latest leads to, afterwards latest would lead elsewhere"
                : "are not what latest leads to, afterwards latest would lead here"
        }
        if ending != other.ending {
            return
                "end at \(to.lsn) because of \(ending.rawValue), afterwards it would be because of \(other.ending.rawValue)"
        }
        if isCertain != other.isCertain {
            return isCertain
                ? "are sure to be possible as far as names tell, afterwards they would not be sure"
                : "are not sure to be possible, afterwards names would say that they are"
        }
        if to.time != other.to.time {
            return "end with WAL stored \(text(to.time)), afterwards with WAL stored \(text(other.to.time))"
        }
        return "begin at \(from.lsn), afterwards they would begin at \(other.from.lsn)"
    }

    private func names(_ path: [TimelineID]) -> String { path.map(\.description).joined(separator: ", ") }

    private func text(_ time: TimestampTZ?) -> String { time.map { "at \($0)" } ?? "at an unknown time" }
}
