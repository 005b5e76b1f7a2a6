/// What the answers of a store have shown of its clock, by which it dates objects.
public enum StoreClock: Hashable, Sendable {
    /// The store dates objects by the local clock: memory, a directory.
    case local
    /// No answer has told the time so far, for this reason.
    case unknown(String)
    /// The clocks are so many microseconds apart, as far as any answer has proven: above 0 where the store's is ahead.
    ///
    /// Of several answers the one that shows the largest distance counts: whichever of them is right, another one of
    /// the store's clocks is wrong.
    case apart(Int64)
}
