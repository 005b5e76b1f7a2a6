internal import CCellarCurl
internal import Glibc
internal import Synchronization

/// The one thread that owns libcurl's multi handle, its connections and its transfers.
///
/// Unchecked: everything but the inbox is touched by that thread alone.
@safe
final class CurlLoop: @unchecked Sendable {
    private struct Inbox {
        var arrivals: [CurlTransfer] = []
        var isClosing = false
        /// Whether the thread has gone, and the multi handle with it.
        var isClosed = false
    }

    private let inbox = Mutex(Inbox())
    private let options: TransportOptions
    private let multi: UnsafeMutableRawPointer
    private var waiting: [CurlTransfer] = []
    private var running: [UnsafeMutableRawPointer: CurlTransfer] = unsafe [:]
    /// Up to when every new connection asks for the host's address anew, since something failed.
    private var resolvesAgainUntil = ContinuousClock.now

    /// A loop whose thread runs until ``close()``.
    static func start(_ options: TransportOptions) throws(TransportFailure) -> CurlLoop {
        // Thread-safe from libcurl 7.84 on, and counted: any number of loops may do it.
        guard cellar_global_init() == CURLE_OK, let multi = unsafe curl_multi_init() else {
            throw TransportFailure(.other, "libcurl cannot be initialised")
        }
        let loop = unsafe CurlLoop(options, multi)
        var thread = pthread_t()
        // Retained for the thread, which lets go of it at its end.
        let argument = unsafe Unmanaged.passRetained(loop).toOpaque()
        let code = unsafe pthread_create(&thread, nil, runLoop, argument)
        guard code == 0 else {
            unsafe Unmanaged<CurlLoop>.fromOpaque(argument).release()
            unsafe curl_multi_cleanup(multi)
            throw TransportFailure(.other, "no thread can be started for the network")
        }
        pthread_detach(thread)
        return loop
    }

    private init(_ options: TransportOptions, _ multi: UnsafeMutableRawPointer) {
        self.options = options
        unsafe self.multi = multi
        let connections = options.maxConnections
        unsafe cellar_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        unsafe cellar_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections * 2)
        unsafe cellar_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// Hands a transfer to the thread.
    func add(_ transfer: CurlTransfer) {
        let isRefused = inbox.withLock { inbox in
            guard !inbox.isClosing else { return true }
            inbox.arrivals.append(transfer)
            unsafe curl_multi_wakeup(multi)
            return false
        }
        if isRefused { transfer.fail(TransportFailure(.cancelled, "the client is closed")) }
    }

    /// Makes the thread look for transfers that were cancelled.
    func wake() {
        inbox.withLock { inbox in
            if !inbox.isClosed { unsafe curl_multi_wakeup(multi) }
        }
    }

    /// Ends the thread, and everything that still runs on it.
    func close() {
        inbox.withLock { inbox in
            inbox.isClosing = true
            if !inbox.isClosed { unsafe curl_multi_wakeup(multi) }
        }
    }

    fileprivate func run() {
        while !takeArrivals() {
            dropCancelled()
            admit()
            var count: Int32 = 0
            unsafe curl_multi_perform(multi, &count)
            finishDone()
            failOverdue()
            // Bounded although it is woken: libcurl 8.21 can lose a wakeup. Shorter while timers run.
            let isIdle = unsafe running.isEmpty
            unsafe curl_multi_poll(multi, nil, 0, isIdle ? 1000 : 100, nil)
        }
        end()
    }

    /// Whether the loop is to end.
    private func takeArrivals() -> Bool {
        inbox.withLock { inbox in
            waiting += inbox.arrivals
            inbox.arrivals = []
            return inbox.isClosing
        }
    }

    private func dropCancelled() {
        let cancelled = TransportFailure(.cancelled, "the request was cancelled")
        for transfer in waiting where transfer.isCancelled { transfer.fail(cancelled) }
        waiting.removeAll { $0.isCancelled }
        for unsafe(handle, transfer) in unsafe running where transfer.isCancelled {
            unsafe remove(handle)
            transfer.fail(cancelled)
        }
    }

    /// Starts what waits, but never more than there are connections: libcurl's clocks would count the wait.
    private func admit() {
        let resolvesAgain = ContinuousClock.now < resolvesAgainUntil
        while unsafe running.count < options.maxConnections, !waiting.isEmpty {
            let transfer = waiting.removeFirst()
            guard let handle = unsafe transfer.open(options, resolvesAgain: resolvesAgain),
                unsafe curl_multi_add_handle(multi, handle) == CURLM_OK
            else {
                transfer.fail(TransportFailure(.other, "libcurl refuses the request"))
                continue
            }
            unsafe running[handle] = transfer
        }
    }

    private func finishDone() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else {
                continue
            }
            // Read before the handle is removed, which frees the message.
            let code = unsafe cellar_message_result(message)
            if code != CURLE_OK { resolveAgain() }
            unsafe remove(handle)?.finish(code)
        }
    }

    private func failOverdue() {
        let now = ContinuousClock.now
        for unsafe(handle, transfer) in unsafe running {
            guard let failure = transfer.overdue(at: now) else { continue }
            resolveAgain()
            unsafe remove(handle)
            transfer.fail(failure)
        }
    }

    /// The host may have another address by now, which libcurl would not see for as long as it keeps one: a minute.
    private func resolveAgain() {
        resolvesAgainUntil = ContinuousClock.now + .seconds(60)
    }

    @discardableResult
    private func remove(_ handle: UnsafeMutableRawPointer) -> CurlTransfer? {
        unsafe curl_multi_remove_handle(multi, handle)
        return unsafe running.removeValue(forKey: handle)
    }

    private func end() {
        let closed = TransportFailure(.cancelled, "the client is closed")
        for transfer in waiting { transfer.fail(closed) }
        waiting = []
        for unsafe(handle, transfer) in unsafe running {
            unsafe remove(handle)
            transfer.fail(closed)
        }
        inbox.withLock { $0.isClosed = true }
        unsafe curl_multi_cleanup(multi)
    }
}

private func runLoop(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // Signals are for the program's threads. SIGPIPE above all: blocked here, a connection that the server closed
    // is an error code and not the end of the process.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe pthread_sigmask(SIG_SETMASK, &signals, nil)
    if let argument = unsafe argument {
        unsafe Unmanaged<CurlLoop>.fromOpaque(argument).takeRetainedValue().run()
    }
    return nil
}
