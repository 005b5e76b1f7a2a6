import BarmanCatalog
import ObjectStorage
import PostgresWAL

/// Refuses a deletion where the clock may be wrong: ages are reckoned by it, and a wrong one deletes what is young.
struct ClockGuard {
    /// How far the clock here may be from the store's, in seconds.
    let limit: Double
    /// Whether a person vouches for the clock here where the store does not tell its own.
    let trusts: Bool

    /// Refuses where the clocks differ, or where the store does not tell.
    func check(_ store: any ObjectStore, _ catalog: BucketCatalog, at now: TimestampTZ) throws {
        switch store.clock {
        case .apart(let microseconds):
            guard abs(Double(microseconds) / 1e6) > limit else { break }
            throw refusal(
                "the clock of the store is \(Self.text(microseconds)) \(microseconds > 0 ? "ahead of" : "behind") the one here",
                hint: "set the clock"
            )
        case .unknown(let reason):
            guard !trusts else { break }
            throw refusal(
                "the time of \(store.name) is not known: \(reason)",
                hint: "if you know that the clock here is right, say so with --trust-clock"
            )
        case .local: break
        }
        // An old object proves nothing; one of the future proves that a clock is, or was, wrong.
        guard let newest = catalog.newest, newest.seconds(since: now) > limit else { return }
        throw refusal(
            "the newest object in \(store.name) was stored at \(newest), which is in the future by the clock here",
            hint: "set the clock, or the time of that object where it is wrong"
        )
    }

    private func refusal(_ message: String, hint: String) -> Refusal {
        Refusal(status: .refused, code: "clockSkew", message: message, hint: "\(hint); nothing was deleted")
    }

    private static func text(_ microseconds: Int64) -> String {
        let seconds = abs(microseconds / 1_000_000)
        return seconds < 2 * 86_400 ? "\(seconds) s" : "\(seconds / 86_400) days"
    }
}

extension BucketCatalog {
    /// When the newest object was stored, nil where there is none.
    fileprivate var newest: TimestampTZ? {
        servers.flatMap { server in
            server.backups.map(\.lastModified) + server.wal.runs.map(\.lastModified)
                + server.wal.partials.map(\.lastModified)
        }.max()
    }
}
