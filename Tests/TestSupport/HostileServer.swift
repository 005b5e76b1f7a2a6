internal import Foundation
internal import Glibc
internal import Synchronization

/// A server on loopback that does what a script says, byte by byte, so that anything can be wrong with it.
///
/// One thread accepts, and each connection has one of its own.
public final class HostileServer: Sendable {
    /// One request, as it came.
    public struct Question: Sendable {
        /// The method.
        public var method: String
        /// The path and the query, as they came.
        public var target: String
        /// The header fields, their names in lower case.
        public var headers: [String: String]
        /// The body.
        public var body: [UInt8]
        /// Which connection it came over, from 0.
        public var connection: Int
        /// How many requests came before it.
        public var number: Int

        /// The parameters of the query, decoded.
        public var query: [String: [UInt8]] {
            let pairs = target.split(separator: "?", maxSplits: 1).dropFirst().joined().split(separator: "&")
            return Dictionary(
                pairs.map { pair in
                    let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (String(halves[0]), halves.count > 1 ? percentDecoded(halves[1]) : [])
                },
                uniquingKeysWith: { $1 }
            )
        }

        /// The path without the query, decoded.
        public var path: [UInt8] { percentDecoded(target.prefix { $0 != "?" }) }
    }

    /// What the server does next on a connection.
    public enum Step: Sendable {
        /// Sends bytes.
        case send([UInt8])
        /// Sends the same bytes until the other side hangs up.
        case sendForever([UInt8])
        /// Waits for so many milliseconds.
        case pause(Int)
        /// Says nothing until the other side hangs up.
        case hang
        /// Ends the connection in good order.
        case close
        /// Ends the connection with a reset.
        case reset
        /// Becomes a tunnel to another port on loopback.
        case tunnel(port: Int)
    }

    /// The address of the server.
    public var endpoint: String { "http://127.0.0.\(host):\(port)" }

    /// The last number of the address that it listens on.
    public let host: UInt8

    /// The port that it listens on.
    public let port: Int

    private let shared: Shared

    /// A server that answers each request with what `script` says.
    ///
    /// - Parameters:
    ///   - host: the last number of the address in 127.0.0 to listen on.
    ///   - port: the port to listen on, 0 for any that is free.
    ///   - remembers: whether it keeps what it was asked.
    ///   - greeting: what to do instead on a new connection as soon as it brings bytes, nil to read requests from it;
    ///     it is given the number of the connection.
    ///   - script: what to do behind a request.
    public init(
        host: UInt8 = 1,
        port: Int = 0,
        remembers: Bool = true,
        greeting: @escaping @Sendable (Int) -> [Step]? = { _ in nil },
        script: @escaping @Sendable (Question) -> [Step]
    ) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw POSIXError(.EMFILE) }
        var reuse: Int32 = 1
        unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = (UInt32(0x7F00_0000) | UInt32(host)).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, length) == 0 && listen(listener, 128) == 0
                    ? getsockname(listener, address, &length) : -1
            }
        }
        guard code == 0 else { throw POSIXError(.EADDRINUSE) }
        self.host = host
        self.port = Int(UInt16(bigEndian: address.sin_port))
        shared = Shared(listener: listener, remembers: remembers, greeting: greeting, script: script)
        Thread.detachNewThread { [shared] in shared.accept() }
    }

    deinit {
        // The accepting thread wakes up, and closes the socket.
        shutdown(shared.listener, Int32(SHUT_RDWR))
    }

    /// What was asked so far, in order.
    public var questions: [Question] { shared.state.withLock { $0.questions } }

    /// How many connections were made so far.
    public var connections: Int { shared.state.withLock { $0.connections } }

    /// How many bytes the other side's system took so far.
    public var bytesSent: Int { shared.state.withLock { $0.bytesSent } }

    /// What the threads have in common, and what outlives the server until the last of them ends.
    final class Shared: Sendable {
        struct State {
            var questions: [Question] = []
            var asked = 0
            var connections = 0
            var bytesSent = 0
        }

        let listener: Int32
        let remembers: Bool
        let greeting: @Sendable (Int) -> [Step]?
        let script: @Sendable (Question) -> [Step]
        let state = Mutex(State())

        init(
            listener: Int32,
            remembers: Bool,
            greeting: @escaping @Sendable (Int) -> [Step]?,
            script: @escaping @Sendable (Question) -> [Step]
        ) {
            self.listener = listener
            self.remembers = remembers
            self.greeting = greeting
            self.script = script
        }

        func accept() {
            while true {
                let socket = Glibc.accept(listener, nil, nil)
                if socket < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard socket >= 0 else { break }
                let number = state.withLock { state in
                    defer { state.connections += 1 }
                    return state.connections
                }
                Thread.detachNewThread { HostileConnection(socket, number, self).serve() }
            }
            close(listener)
        }
    }
}

/// The bytes of text in which `%XX` stands for one.
func percentDecoded(_ text: some StringProtocol) -> [UInt8] {
    percentDecoded(Array(text.utf8))
}

/// The bytes of text in which `%XX` stands for one.
func percentDecoded(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return bytes
}
