/// How often and how patiently a failed request is repeated.
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts at one request, the first included.
    public var maxAttempts: Int

    /// The most attempts at a request that the store asks to slow down for.
    public var maxThrottledAttempts: Int

    /// How long attempts that the store does not answer in time may take together before there is no other one, in
    /// seconds; a second one there is in any case.
    ///
    /// A listing may rightly take minutes, and waiting for five of them would take a quarter of an hour.
    public var patience = 150.0

    /// The longest first wait after an ordinary failure, in seconds; it doubles with every attempt.
    public var base = 0.1

    /// The longest first wait when the store asks to slow down, in seconds.
    public var throttledBase = 1.0

    /// The longest wait of all, in seconds, where the store does not ask for a longer one.
    public var longest = 20.0

    /// Tokens that all requests share: a repetition takes 5, after a time without answer 10, and a success gives
    /// back what it took, at least 1.
    ///
    /// A store that is down is so not asked five times for each of a thousand pages.
    public var budget = 500

    /// How long all requests together may take, from the making of the store on: no wait begins that would go beyond.
    public var altogether: Duration?

    /// A policy of so many attempts, and of three more where the store asks to slow down.
    public init(maxAttempts: Int = 5) {
        self.maxAttempts = max(1, maxAttempts)
        self.maxThrottledAttempts = maxAttempts <= 1 ? 1 : min(maxAttempts, .max - 3) + 3
    }

    /// How long to wait before the next attempt, in seconds, nil to give up.
    ///
    /// - Parameters:
    ///   - attempts: those that there were, this one included.
    ///   - random: a number from 0 up to but not including 1; the wait is that part of the longest one, so that
    ///     many clients do not come back at once.
    func delay(after error: ObjectStoreError, attempts: FailedAttempts, random: Double) -> Double? {
        let isThrottled = error.code == .throttled
        guard error.isRetryable, attempts.count < (isThrottled ? maxThrottledAttempts : maxAttempts) else { return nil }
        // Of those alone that failed so: one that was reset says nothing of what a page of HTML will come to.
        if let most = error.mostAttempts, attempts.limited >= most { return nil }
        if error.code == .timedOut, attempts.timedOut > 1, attempts.waited >= patience { return nil }
        var ceiling = isThrottled ? throttledBase : base
        for _ in 1..<max(1, attempts.count) where ceiling < longest { ceiling *= 2 }
        return max(min(ceiling, longest) * random, error.retryAfter ?? 0)
    }
}
