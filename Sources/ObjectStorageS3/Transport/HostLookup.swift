internal import Glibc
internal import Synchronization

/// Asks the system whether a host exists, which libcurl tells with the same code as that nobody could be asked.
enum HostLookup {
    /// The failure of a request to `host`, with the word for a host that does not exist where that is certain.
    static func refine(_ failure: TransportFailure, host: String) async -> TransportFailure {
        guard failure.kind == .unresolvedHost, await isUnknown(host) else { return failure }
        return TransportFailure(.unknownHost, failure.detail)
    }

    /// Whether the name service is certain that there is no such host.
    ///
    /// On a thread of its own, since the system's resolver has no other way to wait; false when the task is
    /// cancelled meanwhile.
    static func isUnknown(_ host: String) async -> Bool {
        let answer = Answer(host)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer.ask($0) }
        } onCancel: {
            answer.give(false)
        }
    }

    /// One question and who waits for its answer.
    private final class Answer: Sendable {
        let host: String
        private let state = Mutex<(waiting: CheckedContinuation<Bool, Never>?, early: Bool?)>((nil, nil))

        init(_ host: String) {
            self.host = host
        }

        func ask(_ continuation: CheckedContinuation<Bool, Never>) {
            let early = state.withLock { state in
                if state.early == nil { state.waiting = continuation }
                return state.early
            }
            if let early { return continuation.resume(returning: early) }
            var thread = pthread_t()
            // Retained for the thread, which lets go of it at its end.
            let argument = unsafe Unmanaged.passRetained(self).toOpaque()
            guard unsafe pthread_create(&thread, nil, lookUp, argument) == 0 else {
                unsafe Unmanaged<Answer>.fromOpaque(argument).release()
                return give(false)
            }
            pthread_detach(thread)
        }

        func give(_ isUnknown: Bool) {
            let waiting = state.withLock { state in
                defer { state = (nil, isUnknown) }
                return state.waiting
            }
            waiting?.resume(returning: isUnknown)
        }
    }

    private static let lookUp: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument = unsafe argument else { return nil }
        let answer = unsafe Unmanaged<Answer>.fromOpaque(argument).takeRetainedValue()
        var found: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(answer.host, nil, nil, &found)
        if let found = unsafe found { unsafe freeaddrinfo(found) }
        answer.give(code == EAI_NONAME)
        return nil
    }
}
