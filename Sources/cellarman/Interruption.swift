import Glibc
import Synchronization

/// Ends the process at SIGINT and SIGTERM: within a second, and with nothing half done.
///
/// A command that only looks ends at once. One that deletes says so, and is given what is left of the second to
/// bring the request under way to its end. A second signal ends either at once.
enum Interruption {
    /// Work that must not be cut off anywhere.
    struct Work: Sendable {
        /// Lets nothing new begin.
        var stop: @Sendable () -> Void
        /// Whether something is under way that is better not cut off.
        var isBusy: @Sendable () -> Bool
        /// Cuts it off; it still has to say what is known of it.
        var cancel: @Sendable () -> Void
    }

    private struct State {
        var signal: Int32?
        var work: Work?
    }

    private static let state = Mutex(State())

    /// The signal that came, nil as long as none did.
    static var signal: Int32? { state.withLock { $0.signal } }

    /// How the process ends after a signal.
    static var exitStatus: ExitStatus? { signal.map { $0 == SIGTERM ? .terminated : .interrupted } }

    /// Runs a program, and takes the signals over from here on.
    ///
    /// To be called on the only thread there is, which waits for them: every other one inherits that they are not for
    /// it.
    static func watch(over program: @escaping @Sendable () async -> Void) -> Never {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM] {
            // Who started us with a signal ignored, as nohup and `&` in scripts do, wants it to stay so.
            var action = sigaction()
            unsafe sigaction(signal, nil, &action)
            let isIgnored = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
            if !isIgnored { unsafe sigaddset(&signals, signal) }
        }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        Task {
            await program()
            exit(0)
        }
        run(signals)
    }

    /// Does work that a signal may not cut off anywhere.
    static func guarding<Value: Sendable>(
        stop: @escaping @Sendable () -> Void,
        isBusy: @escaping @Sendable () -> Bool,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await body() }
        let came = state.withLock { state in
            state.work = Work(stop: stop, isBusy: isBusy, cancel: { task.cancel() })
            return state.signal != nil
        }
        if came { stop() }
        defer { state.withLock { $0.work = nil } }
        return try await task.value
    }

    private static func run(_ signals: sigset_t) -> Never {
        var signal: Int32 = 0
        var signals = signals
        // Waits for ever where both are ignored.
        while unsafe sigwait(&signals, &signal) != 0 {}
        let work = state.withLock { state in
            state.signal = signal
            return state.work
        }
        guard let work else { end(signal) }
        work.stop()
        // 0.7 s of the second for the request under way, and 0.2 s to write down what became of it.
        for _ in 0..<35 where work.isBusy() { wait(0.02, signals) }
        work.cancel()
        wait(0.2, signals)
        end(signal)
    }

    /// Waits for a time, or for the next signal, which ends the process.
    private static func wait(_ seconds: Double, _ signals: sigset_t) {
        var (time, signals) = (timespec(tv_sec: 0, tv_nsec: Int(seconds * 1e9)), signals)
        let signal = unsafe sigtimedwait(&signals, nil, &time)
        if signal > 0 { end(signal) }
    }

    private static func end(_ signal: Int32) -> Never {
        // Takes a line of progress away, so that the shell's prompt does not stand behind it.
        if Terminal.isTerminal(.error) { Terminal.write("\r\u{1B}[K", to: .error) }
        Terminal.write("cellarman: \(signal == SIGTERM ? "terminated" : "interrupted")\n", to: .error)
        // Not exit: nothing is to be run while other threads go on.
        _exit(128 + signal)
    }
}
