import Testing

@testable import ObjectStorageS3

struct TransferTimersTests {
    private let start = ContinuousClock.now
    private var timers = TransferTimers(firstByte: .seconds(30), stall: .seconds(10), total: nil)

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test
    mutating func `the wait for a connection is not ours to end`() {
        timers.start(at: at(0))
        #expect(timers.isConnecting)
        #expect(timers.overdue(at: at(1000)) == nil)
    }

    @Test
    mutating func `a server may think until the first byte is due`() {
        timers.start(at: at(0))
        timers.connected(at: at(5))
        #expect(timers.overdue(at: at(34)) == nil)
        #expect(timers.overdue(at: at(36))?.kind == .firstByteTimeout)
    }

    @Test
    mutating func `bytes have to keep coming`() {
        timers.start(at: at(0))
        timers.connected(at: at(0))
        for second in 1...50 {
            timers.received(4096)
            #expect(timers.overdue(at: at(second)) == nil)
        }
        #expect(timers.overdue(at: at(59)) == nil)
        #expect(timers.overdue(at: at(61))?.kind == .stalled)
    }

    @Test
    mutating func `a trickle is a stall`() {
        timers.start(at: at(0))
        timers.connected(at: at(0))
        var found: TransportFailure?
        for second in 1...70 where found == nil {
            timers.received(1)
            found = timers.overdue(at: at(second))
        }
        #expect(found?.kind == .stalled)
        #expect(found?.detail.contains("within a minute") == true)
    }

    @Test
    mutating func `the whole exchange may have a limit`() {
        timers = TransferTimers(firstByte: .seconds(30), stall: .seconds(10), total: .seconds(20))
        timers.start(at: at(0))
        timers.received(1_000_000)
        #expect(timers.overdue(at: at(19)) == nil)
        timers.received(1_000_000)
        #expect(timers.overdue(at: at(21))?.kind == .totalTimeout)
    }
}
