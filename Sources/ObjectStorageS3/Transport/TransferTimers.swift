/// The clocks of one transfer, which libcurl's own cannot tell apart.
///
/// libcurl counts the wait for a free connection into its time-outs, and takes a server that thinks for one that
/// stalls. A listing may rightly take minutes to begin.
struct TransferTimers: Sendable {
    private enum Phase {
        case connecting
        case waiting(since: ContinuousClock.Instant)
        case receiving
    }

    // A trickle: 1 KiB/s over a minute, below which a listing page would take five minutes.
    private static let leastBytes = 60 * 1024
    private static let window = Duration.seconds(60)

    private let firstByte: Duration
    private let stall: Duration
    private let total: Duration?
    private var phase = Phase.connecting
    private var started = ContinuousClock.now
    private var isTouched = false
    private var lastByte = ContinuousClock.now
    private var windowStart = ContinuousClock.now
    private var windowBytes = 0

    init(firstByte: Duration, stall: Duration, total: Duration?) {
        self.firstByte = firstByte
        self.stall = stall
        self.total = total
    }

    /// Whether the request has not been sent yet; libcurl watches that phase.
    var isConnecting: Bool {
        if case .connecting = phase { true } else { false }
    }

    mutating func start(at now: ContinuousClock.Instant) {
        started = now
    }

    mutating func connected(at now: ContinuousClock.Instant) {
        phase = .waiting(since: now)
    }

    /// Bytes came; when exactly is asked at the next tick, to keep the clock out of the hot path.
    mutating func received(_ count: Int) {
        isTouched = true
        windowBytes += count
    }

    mutating func overdue(at now: ContinuousClock.Instant) -> TransportFailure? {
        if let total, now - started > total {
            return TransportFailure(.totalTimeout, "no complete answer within \(seconds(total))")
        }
        if isTouched {
            isTouched = false
            lastByte = now
            if case .receiving = phase {
            } else {
                phase = .receiving
                windowStart = now
            }
        }
        switch phase {
        case .connecting:
            return nil
        case .waiting(let since):
            guard now - since > firstByte else { return nil }
            return TransportFailure(.firstByteTimeout, "no answer within \(seconds(firstByte))")
        case .receiving:
            if now - lastByte > stall {
                return TransportFailure(.stalled, "no further byte of the answer within \(seconds(stall))")
            }
            guard now - windowStart > Self.window else { return nil }
            defer { (windowStart, windowBytes) = (now, 0) }
            guard windowBytes < Self.leastBytes else { return nil }
            return TransportFailure(.stalled, "only \(windowBytes) bytes of the answer within a minute")
        }
    }

    private func seconds(_ duration: Duration) -> String {
        let thousandths = duration.milliseconds
        return thousandths % 1000 == 0 ? "\(thousandths / 1000) s" : "\(thousandths) ms"
    }
}
