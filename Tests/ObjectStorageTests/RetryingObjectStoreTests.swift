import Synchronization
import Testing

@testable import ObjectStorage

struct RetryingObjectStoreTests {
    /// A store that fails so many times before it answers.
    private final class Failing: ObjectStore {
        let name = "failing"
        let failures: Mutex<[ObjectStoreError]>
        let asked = Mutex(0)

        init(_ failures: [ObjectStoreError]) { self.failures = Mutex(failures) }

        var statistics: RequestStatistics { RequestStatistics() }

        func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage {
            asked.withLock { $0 += 1 }
            if let failure = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw failure }
            return ObjectPage()
        }

        func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] { [] }

        func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
            ObjectSummary(key: key, size: 0, lastModified: 0)
        }
    }

    /// Collects the waits, and does not wait.
    private final class Waits: Sendable {
        let seconds = Mutex<[Double]>([])
    }

    private func run(
        _ failures: [ObjectStoreError],
        policy: RetryPolicy = RetryPolicy(),
        random: Double = 1
    ) async -> (error: ObjectStoreError?, waits: [Double], asked: Int, retries: Int) {
        let (base, waits) = (Failing(failures), Waits())
        let store = RetryingObjectStore(base, policy: policy) { seconds in
            waits.seconds.withLock { $0.append(seconds) }
        } random: {
            random
        }
        var found: ObjectStoreError?
        do throws(ObjectStoreError) { _ = try await store.list(ListRequest(prefix: "")) } catch { found = error }
        return (found, waits.seconds.withLock { $0 }, base.asked.withLock { $0 }, store.statistics.retries)
    }

    private let transient = ObjectStoreError(.server, "it failed", isRetryable: true)
    private let throttled = ObjectStoreError(.throttled, "slow down", isRetryable: true)

    @Test
    func `waits longer each time, up to a limit`() async {
        let done = await run(Array(repeating: transient, count: 4))
        #expect(done.error == nil)
        #expect(done.waits == [0.1, 0.2, 0.4, 0.8])
        #expect(done.retries == 4)
        let slow = await run(Array(repeating: throttled, count: 7))
        #expect(slow.waits == [1, 2, 4, 8, 16, 20, 20])
    }

    @Test
    func `waits a random part of it`() async {
        #expect(await run([transient, transient], random: 0.5).waits == [0.05, 0.1])
        #expect(await run([transient, transient], random: 0).waits == [0, 0])
    }

    @Test
    func `gives up, and says after how many attempts`() async {
        let done = await run(Array(repeating: transient, count: 9))
        #expect(done.asked == 5)
        #expect(done.error?.message == "it failed (gave up after 5 attempts)")
        #expect(await run([transient], policy: RetryPolicy(maxAttempts: 1)).error?.message == "it failed")
    }

    @Test(arguments: [(180.0, 2), (100, 2), (70, 3), (40, 4), (30, 5), (0, 5)])
    func `asks twice where no answer comes, and again while that took little time`(seconds: Double, most: Int) {
        let silence = ObjectStoreError(.timedOut, "no answer", isRetryable: true)
        var attempts = FailedAttempts()
        repeat {
            attempts.add(silence, taking: seconds)
        } while RetryPolicy().delay(after: silence, attempts: attempts, random: 1) != nil
        #expect(attempts.count == most)
        #expect(RetryPolicy(maxAttempts: 1).delay(after: silence, attempts: attempts, random: 1) == nil)
    }

    @Test
    func `counts what is worth two attempts apart from other failures`() async {
        var page = ObjectStoreError(.badResponse, "a page", isRetryable: true)
        page.mostAttempts = 2
        #expect(await run([transient, transient, page]).error == nil)
        #expect(await run([page, transient, transient]).error == nil)
        let twice = await run([page, transient, page])
        #expect(twice.error?.message == "a page (gave up after 3 attempts)")
    }

    @Test
    func `does not wait beyond the time that there is`() async {
        var policy = RetryPolicy()
        policy.altogether = .seconds(3600)
        let asking = ObjectStoreError(.throttled, "slow down", isRetryable: true, retryAfter: 60)
        #expect(await run([asking], policy: policy).error == nil)
        // It counts from the making of the store on, not from that of a request.
        policy.altogether = .seconds(0.05)
        let late = RetryingObjectStore(Failing([transient]), policy: policy, sleep: { _ in }, random: { 0 })
        try? await Task.sleep(for: .seconds(0.06))
        let over = await #expect(throws: ObjectStoreError.self) { try await late.list(ListRequest(prefix: "")) }
        #expect(over?.message.contains("may take together is over") == true)
        policy.altogether = .seconds(59)
        let done = await run([asking], policy: policy)
        #expect(done.asked == 1 && done.waits.isEmpty)
        #expect(
            done.error?.message
                == "slow down (gave up after 1 attempt: the time that all requests may take together is over)"
        )
    }

    @Test
    func `does not repeat what cannot succeed`() async {
        let done = await run([ObjectStoreError(.accessDenied, "no")])
        #expect(done.asked == 1 && done.waits.isEmpty)
        #expect(done.error?.message == "no")
    }

    @Test
    func `waits as long as the server asks`() async {
        let asking = ObjectStoreError(.throttled, "slow down", isRetryable: true, retryAfter: 30)
        #expect(await run([asking]).waits == [30])
    }

    @Test
    func `stops asking a store that is down`() async {
        var policy = RetryPolicy()
        policy.budget = 7
        let done = await run(Array(repeating: transient, count: 9), policy: policy)
        #expect(done.asked == 2)
        #expect(done.error?.message.hasSuffix("(gave up after 2 attempts: too many requests failed before)") == true)
    }

    @Test
    func `a cancelled wait is a cancelled request`() async {
        let store = RetryingObjectStore(Failing([transient])) { _ in throw CancellationError() }
        let error = await #expect(throws: ObjectStoreError.self) { try await store.list(ListRequest(prefix: "")) }
        #expect(error?.code == .cancelled)
    }

    @Test(arguments: [Int.min, -1, 0, 1, Int.max])
    func `takes any number of attempts`(count: Int) async {
        #expect(await run([], policy: RetryPolicy(maxAttempts: count)).error == nil)
    }
}
