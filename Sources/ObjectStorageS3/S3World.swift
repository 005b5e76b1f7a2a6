internal import Glibc

/// What a store takes from outside: the time, sleep, chance.
package struct S3World: Sendable {
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    package var clock: @Sendable () -> Int64 = {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    /// Waits for so many seconds, and throws when the task is cancelled.
    package var sleep: @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }

    /// A number from 0 up to but not including 1.
    package var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// The real world.
    package init() {}
}
