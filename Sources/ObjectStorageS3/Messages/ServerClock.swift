internal import ObjectStorage

/// What the answers of a server have told of its clock.
struct ServerClock {
    /// How far the server's clock was ahead of ours at the last answer that told, in microseconds: what signatures go by.
    private(set) var skew: Int64?

    /// What is known of it: ages are reckoned by it.
    private(set) var clock = StoreClock.unknown("it has not answered yet")

    // 15 minutes: an answer that took longer says little.
    private static let longest: Int64 = 900 * 1_000_000

    // A week: where a server is further away than that, its clock is the wrong one, and no signature follows it.
    private static let mostForSignatures: Int64 = 7 * 86400 * 1_000_000

    /// Learns from an answer.
    ///
    /// - Parameters:
    ///   - response: the answer.
    ///   - sent: when it was asked for by our clock, in microseconds.
    ///   - received: when it was there.
    mutating func learn(from response: HTTPResponse, sent: Int64, received: Int64) {
        guard let text = response.header("date") else { return doubt("its answers have no Date") }
        guard let date = Timestamp(httpDate: text)?.microseconds else {
            return doubt("its answers have a Date that cannot be read: \(printable(text))")
        }
        // An answer out of a cache carries the date of its making.
        guard CacheSign.age(of: response) ?? 0 == 0 else { return doubt("its answers come out of a cache") }
        guard received >= sent else { return doubt("the clock here went back while it was asked") }
        guard received - sent <= Self.longest else { return doubt("its answers take too long to compare clocks") }
        let middle = date - (sent + (received - sent) / 2)
        if abs(middle) <= Self.mostForSignatures { skew = middle }
        // It was written between the two, and leaves out the fraction of its second.
        let proven = date > received ? date - received : min(0, date + 1_000_000 - sent)
        guard case .apart(let known) = clock else {
            clock = .apart(proven)
            return
        }
        if abs(proven) > abs(known) { clock = .apart(proven) }
    }

    /// Keeps why nothing is known, as long as that is so.
    private mutating func doubt(_ reason: String) {
        if case .unknown = clock { clock = .unknown(reason) }
    }
}
