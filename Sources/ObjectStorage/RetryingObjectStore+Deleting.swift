extension RetryingObjectStore: DeletableObjectStore where Base: DeletableObjectStore {
    /// Deletes objects, and asks again for those alone whose own failure may pass.
    ///
    /// Throws only where no answer came at all: what is known of a key is never dropped for a later failure.
    public func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
        var outcomes: [DeletionOutcome] = []
        var open = Array(keys.indices)
        var attempts = 0
        do throws(ObjectStoreError) {
            try await repeating { () async throws(ObjectStoreError) in
                attempts += 1
                let answers = try await base.delete(open.map { keys[$0] })
                precondition(answers.count == open.count, "a store gives one outcome for each key")
                if outcomes.isEmpty { outcomes = Array(repeating: .unknown, count: keys.count) }
                for (index, answer) in zip(open, answers) { outcomes[index] = answer }
                open.removeAll { outcomes[$0].passingFailure == nil }
                if let failure = open.compactMap({ outcomes[$0].passingFailure }).mostPatient { throw failure }
            }
        } catch {
            guard !outcomes.isEmpty else { throw error }
            for index in open {
                // A later request that failed as a whole leaves of a key what the store said of it last.
                let failure = outcomes[index].passingFailure ?? error
                outcomes[index] = .failed(failure.after(attempts))
            }
        }
        return outcomes
    }
}

extension DeletionOutcome {
    /// The failure of a key, where the same request may succeed later.
    fileprivate var passingFailure: ObjectStoreError? {
        guard case .failed(let error) = self, error.isRetryable else { return nil }
        return error
    }
}

extension [ObjectStoreError] {
    /// The failure that asks for the longest wait: all keys wait together.
    fileprivate var mostPatient: ObjectStoreError? {
        self.max { left, right in
            let (slow, slower) = (left.code == .throttled, right.code == .throttled)
            return slow == slower ? left.retryAfter ?? 0 < right.retryAfter ?? 0 : slower
        }
    }
}
