import Glibc

/// The streams of the process, and what they are.
enum Terminal {
    /// Where text goes.
    enum Stream {
        /// Data.
        case output
        /// Everything else.
        case error

        fileprivate var descriptor: Int32 {
            switch self {
            case .output: STDOUT_FILENO
            case .error: STDERR_FILENO
            }
        }
    }

    /// Writes all of the text; whoever closed the other end does not want the rest.
    ///
    /// - Returns: false where something else than a closed pipe stopped it, such as a full disk.
    @discardableResult
    static func write(_ text: String, to stream: Stream) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(stream.descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                return errno == EPIPE
            }
        }
        return true
    }

    /// Writes a report to standard output; one that is not written whole is no answer.
    static func print(_ text: String) throws {
        guard write(text, to: .output) else {
            throw Refusal(
                status: .couldNotLook,
                code: "output",
                message: "the report could not be written to standard output",
                hint: "is the disk full?"
            )
        }
    }

    /// Whether a person sees the stream.
    static func isTerminal(_ stream: Stream) -> Bool {
        isatty(stream.descriptor) == 1
    }

    /// The width of the terminal behind a stream, nil where there is none.
    static func width(of stream: Stream) -> Int? {
        var size = winsize()
        guard unsafe ioctl(stream.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
