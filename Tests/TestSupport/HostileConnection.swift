internal import Foundation
internal import Glibc
internal import Synchronization

/// One connection of a ``HostileServer``, on its own thread.
final class HostileConnection {
    private let socket: Int32
    private let number: Int
    private let shared: HostileServer.Shared
    private var buffer: [UInt8] = []

    init(_ socket: Int32, _ number: Int, _ shared: HostileServer.Shared) {
        self.socket = socket
        self.number = number
        self.shared = shared
        // A minute: what a test forgets ends by itself.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    deinit {
        close(socket)
    }

    func serve() {
        if let steps = shared.greeting(number) {
            if receive() { _ = perform(steps) }
            return
        }
        while let question = nextQuestion() {
            guard perform(shared.script(question)) else { return }
        }
    }

    /// Reads one request, nil when the other side has hung up.
    private func nextQuestion() -> HostileServer.Question? {
        var end: Range<Int>?
        while true {
            end = buffer.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A])
            if end != nil { break }
            guard receive() else { return nil }
        }
        guard let end else { return nil }
        let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in head.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while buffer.count < end.upperBound + length {
            guard receive() else { return nil }
        }
        let words = head[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        var question = HostileServer.Question(
            method: String(words[0]),
            target: String(words[1]),
            headers: headers,
            body: Array(buffer[end.upperBound..<(end.upperBound + length)]),
            connection: number,
            number: 0
        )
        buffer.removeFirst(end.upperBound + length)
        shared.state.withLock { state in
            question.number = state.asked
            state.asked += 1
            if shared.remembers { state.questions.append(question) }
        }
        return question
    }

    /// Does what the script says, and tells whether the connection is still good for a request.
    private func perform(_ steps: [HostileServer.Step]) -> Bool {
        for step in steps {
            switch step {
            case .send(let bytes):
                guard send(bytes) else { return false }
            case .sendForever(let bytes):
                while send(bytes) {}
                return false
            case .pause(let milliseconds):
                usleep(UInt32(milliseconds) * 1000)
            case .hang:
                while receive() {}
                return false
            case .close:
                return false
            case .reset:
                // Closing a socket that does not linger sends a reset.
                var option = linger(l_onoff: 1, l_linger: 0)
                let size = socklen_t(MemoryLayout<linger>.size)
                unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, size)
                return false
            case .tunnel(let port):
                tunnel(to: port)
                return false
            }
        }
        return true
    }

    /// Passes bytes on in both directions until one side ends.
    private func tunnel(to port: Int) {
        let other = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(other) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe connect(other, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { return }
        // What the client said already.
        guard unsafe Glibc.send(other, buffer, buffer.count, Int32(MSG_NOSIGNAL)) == buffer.count else {
            return
        }
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            var ends = [pollfd(fd: socket, events: Int16(POLLIN), revents: 0)]
            ends.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0))
            guard unsafe poll(&ends, 2, 60_000) > 0 else { return }
            for (from, to) in [(0, other), (1, socket)] where ends[from].revents != 0 {
                let count = unsafe recv(ends[from].fd, &chunk, chunk.count, 0)
                guard count > 0, unsafe Glibc.send(to, chunk, count, Int32(MSG_NOSIGNAL)) == count else {
                    return
                }
            }
        }
    }

    /// Waits for more bytes, false when there will be none.
    private func receive() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = unsafe recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { return false }
        buffer += chunk[..<count]
        return true
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            shared.state.withLock { $0.bytesSent += count }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
