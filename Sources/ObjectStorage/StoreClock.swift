/// What the answers of a store have shown of its clock, by which it dates objects.
public enum StoreClock: Hashable, Sendable {
    /// The store dates objects by the local clock: memory, a directory.
    case local
    /// No answer has told the time so far, for this reason.
    case unknown(String)
    /// The clocks are so many microseconds apart, as far as any answer has proven: above 0 where the store's is ahead.
    ///
    /// Servers behind one endpoint may disagree: the largest distance counts.
    case apart(Int64)
}
