internal import ObjectStorage
internal import Synchronization

/// Has the keys to sign with, and renews them before they end.
///
/// However many requests wait for keys, the service is asked once.
final class CredentialsKeeper: Sendable {
    private typealias Outcome = Result<TemporaryCredentials, ObjectStoreError>

    /// One question to the service, and who waits for the answer.
    private struct Flight {
        var id: Int
        var task: Task<Void, Never>?
        var waiting: [Int: CheckedContinuation<Outcome, Never>] = [:]
    }

    private struct State {
        var held: TemporaryCredentials?
        /// When to look for newer keys, although those that are held are good still.
        var dueAt = Int64.min
        /// When keys were last asked for because the store refused those that were held.
        var renewedAt: Int64?
        var flight: Flight?
        var tickets = 0
    }

    // 15 minutes before the end, as botocore.
    private static let lead: Int64 = 15 * 60 * 1_000_000
    // A minute: a service that fails, or gives keys that end soon, is not asked for every request.
    private static let pause: Int64 = 60 * 1_000_000

    private let method: CredentialsSource.Method
    private let fetcher: CredentialsFetcher
    private let state = Mutex(State())

    init(_ source: CredentialsSource, fetcher: CredentialsFetcher) {
        self.method = source.method
        self.fetcher = fetcher
    }

    /// The keys to sign with now.
    ///
    /// Where newer ones cannot be got, the old ones serve until they end.
    func credentials() async throws(ObjectStoreError) -> S3Credentials {
        if case .keys(let keys, let until) = method {
            try fetcher.checkHold(keys, until: until)
            return keys
        }
        let now = fetcher.world.clock()
        let (held, dueAt) = state.withLock { ($0.held, $0.dueAt) }
        if let held, now < dueAt { return held.credentials }
        do throws(ObjectStoreError) {
            return try await join().get().credentials
        } catch {
            guard error.code != .cancelled, let held, held.expiration.map({ fetcher.world.clock() < $0 }) ?? true else {
                throw error
            }
            state.withLock { $0.dueAt = max($0.dueAt, now &+ Self.pause) }
            return held.credentials
        }
    }

    /// Other keys in place of those that the store calls expired, nil where there are none to be had.
    func renewed(after refused: S3Credentials) async throws(ObjectStoreError) -> S3Credentials? {
        if case .keys = method { return nil }
        let now = fetcher.world.clock()
        let newer = state.withLock { state -> S3Credentials?? in
            if let held = state.held, !held.credentials.isSame(as: refused) { return held.credentials }
            if state.flight != nil { return .some(nil) }
            // A store that refuses what was renewed just now would refuse the next ones too.
            if let renewedAt = state.renewedAt, now &- renewedAt < Self.pause { return nil }
            state.renewedAt = now
            return .some(nil)
        }
        guard let newer else { return nil }
        if let newer { return newer }
        return try await join().get().credentials
    }

    // MARK: Asking once

    /// Waits for the answer to the question under way, or asks it.
    private func join() async -> Outcome {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard !Task.isCancelled else { return true }
                    if state.flight == nil {
                        var flight = Flight(id: ticket)
                        flight.task = Task { await self.fly(ticket) }
                        state.flight = flight
                    }
                    state.flight?.waiting[ticket] = continuation
                    return false
                }
                if isCancelled { continuation.resume(returning: .failure(Self.cancelled)) }
            }
        } onCancel: {
            leave(ticket)
        }
    }

    private static var cancelled: ObjectStoreError {
        ObjectStoreError(.cancelled, "the wait for credentials was cancelled")
    }

    /// Lets one go that waits no more, and the question with the last of them.
    private func leave(_ ticket: Int) {
        let (continuation, task) = state.withLock { state in
            let continuation = state.flight?.waiting.removeValue(forKey: ticket)
            guard continuation != nil, state.flight?.waiting.isEmpty == true else {
                return (continuation, nil as Task<Void, Never>?)
            }
            let task = state.flight?.task
            state.flight = nil
            return (continuation, task)
        }
        task?.cancel()
        continuation?.resume(returning: .failure(Self.cancelled))
    }

    private func fly(_ id: Int) async {
        let outcome: Outcome
        do throws(ObjectStoreError) {
            outcome = .success(try await fetcher.fetch(method))
        } catch {
            outcome = .failure(error)
        }
        let now = fetcher.world.clock()
        let waiting = state.withLock { state in
            guard state.flight?.id == id else { return [] as [CheckedContinuation<Outcome, Never>] }
            if case .success(let found) = outcome {
                state.held = found
                state.dueAt = found.expiration.map { max($0 &- Self.lead, now &+ Self.pause) } ?? .max
            }
            defer { state.flight = nil }
            return state.flight.map { Array($0.waiting.values) } ?? []
        }
        for continuation in waiting { continuation.resume(returning: outcome) }
    }
}

extension S3Credentials {
    /// Whether these are the very keys, not others that look like them.
    func isSame(as other: S3Credentials) -> Bool { secretAccessKey === other.secretAccessKey }
}
