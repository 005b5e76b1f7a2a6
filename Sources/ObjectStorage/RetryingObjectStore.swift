internal import Synchronization

/// A store that repeats the failed requests of another one, where that may help.
///
/// What may help is for the error to say (``ObjectStoreError/isRetryable``). All operations of a store may be
/// repeated without harm.
public final class RetryingObjectStore<Base: ObjectStore>: ObjectStore {
    /// The store that is asked.
    public let base: Base

    private struct State {
        var tokens: Int
        var retries = 0
        var throttles = 0
    }

    private let policy: RetryPolicy
    private let begin = ContinuousClock.now
    private let sleep: @Sendable (Double) async throws -> Void
    private let random: @Sendable () -> Double
    private let state: Mutex<State>

    /// A store that repeats requests to `base`.
    ///
    /// - Parameters:
    ///   - base: the store to ask.
    ///   - policy: how often, and how long to wait in between.
    ///   - sleep: waits for so many seconds, and throws when the task is cancelled.
    ///   - random: a number from 0 up to but not including 1.
    public init(
        _ base: Base,
        policy: RetryPolicy = RetryPolicy(),
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.base = base
        self.policy = policy
        self.sleep = sleep
        self.random = random
        self.state = Mutex(State(tokens: policy.budget))
    }

    /// What people call the store: the name of the one that is asked.
    public var name: String { base.name }

    /// What was asked of the other store, and how much of it was repetition.
    public var statistics: RequestStatistics {
        var statistics = base.statistics
        let (retries, throttles) = state.withLock { ($0.retries, $0.throttles) }
        statistics.retries += retries
        statistics.throttles += throttles
        return statistics
    }

    /// What is known of the clock of the other store.
    public var clock: StoreClock { base.clock }

    /// The first answer of the other store that came out of a cache.
    public var cachedAnswer: String? { base.cachedAnswer }

    /// One page of a listing.
    public func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
        try await repeating { () async throws(ObjectStoreError) in try await base.list(request) }
    }

    /// The body of an object, whole or in part.
    public func get(
        _ key: ObjectKey,
        range: Range<Int64>?,
        limit: Int
    ) async throws(ObjectStoreError) -> [UInt8] {
        try await repeating { () async throws(ObjectStoreError) in try await base.get(key, range: range, limit: limit) }
    }

    /// What the store knows of an object without its body.
    public func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
        try await repeating { () async throws(ObjectStoreError) in try await base.head(key) }
    }

    /// Repeats any request to the other store by the same rules.
    ///
    /// - Parameter attempt: makes the request once.
    package func repeating<Value>(
        _ attempt: () async throws(ObjectStoreError) -> Value
    ) async throws(ObjectStoreError) -> Value {
        var attempts = FailedAttempts()
        var spent = 0
        while true {
            let sent = ContinuousClock.now
            do throws(ObjectStoreError) {
                let value = try await attempt()
                giveBack(max(1, spent))
                return value
            } catch {
                attempts.add(error, taking: (ContinuousClock.now - sent) / .seconds(1))
                if error.code == .throttled { state.withLock { $0.throttles += 1 } }
                guard let delay = policy.delay(after: error, attempts: attempts, random: random()) else {
                    throw error.after(attempts.count)
                }
                let price = [.network, .timedOut].contains(error.code) ? 10 : 5
                guard take(price) else {
                    throw error.after(attempts.count, because: "too many requests failed before")
                }
                if let altogether = policy.altogether, ContinuousClock.now - begin + .seconds(delay) >= altogether {
                    throw error.after(attempts.count, because: "the time that all requests may take together is over")
                }
                spent += price
                try await wait(delay)
            }
        }
    }

    private func wait(_ seconds: Double) async throws(ObjectStoreError) {
        do {
            try await sleep(seconds)
        } catch {
            throw ObjectStoreError(.cancelled, "the request to \(name) was cancelled")
        }
    }

    private func take(_ tokens: Int) -> Bool {
        state.withLock { state in
            guard state.tokens >= tokens else { return false }
            state.tokens -= tokens
            state.retries += 1
            return true
        }
    }

    private func giveBack(_ tokens: Int) {
        state.withLock { $0.tokens = min(policy.budget, $0.tokens + tokens) }
    }
}

extension ObjectStoreError {
    /// The error with the number of attempts in its message, where there was more than one.
    func after(_ attempts: Int, because reason: String? = nil) -> ObjectStoreError {
        var error = self
        if attempts > 1 || reason != nil {
            error.message += " (gave up after \(attempts) attempt\(attempts == 1 ? "" : "s")"
            error.message += reason.map { ": \($0))" } ?? ")"
        }
        return error
    }
}
