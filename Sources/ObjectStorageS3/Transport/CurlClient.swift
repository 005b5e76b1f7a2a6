/// Sends requests over kept-alive HTTP/1.1 connections.
///
/// Its thread ends when the client goes.
final class CurlClient: Sendable {
    private let loop: CurlLoop
    private let stall: Duration

    init(_ options: TransportOptions) throws(TransportFailure) {
        loop = try CurlLoop.start(options)
        stall = options.stall
    }

    deinit {
        loop.close()
    }

    /// The answer to a request, or why there is none; ends at once when the task is cancelled.
    func perform(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        // A line break in a header would end it and begin another.
        guard request.headers.allSatisfy({ $0.isSafe }) else {
            throw TransportFailure(.badURL, "a header to send contains a line break")
        }
        let cancellation = Cancellation()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.add(
                    CurlTransfer(request, stall: stall, cancellation: cancellation, continuation: continuation)
                )
            }
        } onCancel: {
            cancellation.request()
            loop.wake()
        }
        return try outcome.get()
    }
}

extension Header {
    fileprivate var isSafe: Bool {
        !name.utf8.contains { $0 < 0x21 || $0 == 0x3A } && !value.utf8.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D }
    }
}
