import ObjectStorage
import Synchronization
import Testing

struct RetryingDeletionTests {
    /// A store that answers as it is told to, and says `deleted` of everything else.
    private final class Scripted: DeletableObjectStore {
        typealias Answer = Result<[ObjectKey: DeletionOutcome], ObjectStoreError>

        let name = "scripted"
        let statistics = RequestStatistics()
        private let answers: Mutex<[Answer]>
        let asked = Mutex<[[ObjectKey]]>([])

        init(_ answers: [Answer]) { self.answers = Mutex(answers) }

        func list(_ request: ListRequest) async throws(ObjectStoreError) -> ObjectPage { ObjectPage() }

        func get(_ key: ObjectKey, range: Range<Int64>?, limit: Int) async throws(ObjectStoreError) -> [UInt8] { [] }

        func head(_ key: ObjectKey) async throws(ObjectStoreError) -> ObjectSummary {
            ObjectSummary(key: key, size: 0, lastModified: 0)
        }

        func delete(_ keys: [ObjectKey]) async throws(ObjectStoreError) -> [DeletionOutcome] {
            asked.withLock { $0.append(keys) }
            let answer = answers.withLock { $0.isEmpty ? .success([:]) : $0.removeFirst() }
            let outcomes = try answer.get()
            return keys.map { outcomes[$0] ?? .deleted }
        }
    }

    /// What became of the keys a, b and c.
    private struct Run {
        var outcomes: [DeletionOutcome] = []
        var error: ObjectStoreError?
        var asked: [[ObjectKey]] = []
        var waits: [Double] = []
        var retries = 0
    }

    private func run(_ answers: [Scripted.Answer], isCancelled: Bool = false) async -> Run {
        let base = Scripted(answers)
        let waits = Mutex<[Double]>([])
        let store = RetryingObjectStore(base) { seconds in
            if isCancelled { throw CancellationError() }
            waits.withLock { $0.append(seconds) }
        } random: {
            1
        }
        var run = Run()
        do throws(ObjectStoreError) { run.outcomes = try await store.delete(["a", "b", "c"]) } catch {
            run.error = error
        }
        run.asked = base.asked.withLock { $0 }
        run.waits = waits.withLock { $0 }
        run.retries = store.statistics.retries
        return run
    }

    private static let transient = ObjectStoreError(.server, "it failed", isRetryable: true)
    private static let throttled = ObjectStoreError(.throttled, "slow down", isRetryable: true)
    private static let denied = ObjectStoreError(.accessDenied, "denied")

    @Test
    func `asks again for a request that failed as a whole`() async {
        let done = await run([.failure(Self.transient), .failure(Self.throttled)])
        #expect(done.outcomes == [.deleted, .deleted, .deleted])
        #expect(done.asked == Array(repeating: ["a", "b", "c"], count: 3))
        #expect(done.waits == [0.1, 2] && done.retries == 2)
    }

    @Test
    func `throws what fails as a whole for good`() async {
        let refused = await run([.failure(Self.denied)])
        #expect(refused.error == Self.denied && refused.asked.count == 1)
        let down = await run(Array(repeating: .failure(Self.transient), count: 9))
        #expect(down.error?.message == "it failed (gave up after 5 attempts)")
    }

    @Test
    func `asks again for those keys alone whose failure may pass`() async {
        let done = await run([
            .success(["a": .failed(Self.transient), "b": .failed(Self.denied), "c": .failed(Self.throttled)]),
            .success(["a": .hidden, "c": .failed(Self.transient)]),
        ])
        #expect(done.outcomes == [.hidden, .failed(Self.denied), .deleted])
        #expect(done.asked == [["a", "b", "c"], ["a", "c"], ["c"]])
        // The one that asks to slow down sets the pace.
        #expect(done.waits == [1, 0.2] && done.retries == 2)
    }

    @Test
    func `does not ask again for keys that the store left out`() async {
        let done = await run([.success(["b": .unknown])])
        #expect(done.outcomes == [.deleted, .unknown, .deleted])
        #expect(done.asked.count == 1)
    }

    @Test
    func `gives up on a key, and says after how many attempts`() async {
        let done = await run(Array(repeating: .success(["b": .failed(Self.transient)]), count: 9))
        let failure = ObjectStoreError(.server, "it failed (gave up after 5 attempts)", isRetryable: true)
        #expect(done.outcomes == [.deleted, .failed(failure), .deleted])
        #expect(done.asked == [["a", "b", "c"], ["b"], ["b"], ["b"], ["b"]])
    }

    @Test
    func `keeps what it knows when a later request fails as a whole`() async {
        let done = await run([.success(["b": .failed(Self.transient), "c": .unknown]), .failure(Self.denied)])
        let failure = ObjectStoreError(.server, "it failed (gave up after 2 attempts)", isRetryable: true)
        #expect(done.error == nil)
        #expect(done.outcomes == [.deleted, .failed(failure), .unknown])
    }

    @Test
    func `keeps what it knows when it is cancelled while it waits`() async {
        let done = await run([.success(["b": .failed(Self.transient)])], isCancelled: true)
        #expect(done.error == nil)
        #expect(done.outcomes == [.deleted, .failed(Self.transient), .deleted])
    }
}
