/// What became of the attempts at one request so far.
struct FailedAttempts {
    /// How many there were.
    private(set) var count = 0

    /// How many failed in a way that is worth fewer attempts than others.
    private(set) var limited = 0

    /// How many were not answered in time.
    private(set) var timedOut = 0

    /// How long those took together, in seconds.
    private(set) var waited = 0.0

    /// Takes note of one more.
    ///
    /// - Parameter seconds: how long it took.
    mutating func add(_ error: ObjectStoreError, taking seconds: Double) {
        count += 1
        if error.mostAttempts != nil { limited += 1 }
        guard error.code == .timedOut else { return }
        timedOut += 1
        waited += seconds
    }
}
