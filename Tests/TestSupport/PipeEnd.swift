internal import CTestSpawn
internal import Glibc

/// One end of a pipe, closed with the last who holds it.
public final class PipeEnd: Sendable {
    let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// A new pipe, neither end of which a child gets that is not given it.
    static func pair() throws -> (reading: PipeEnd, writing: PipeEnd) {
        var descriptors: [Int32] = [-1, -1]
        guard unsafe pipe2(&descriptors, O_CLOEXEC) == 0 else { throw POSIXFailure(what: "a pipe", code: errno) }
        return (PipeEnd(descriptors[0]), PipeEnd(descriptors[1]))
    }

    /// Waits for bytes, and reads at most so many; none at the end.
    public func read(upTo count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var read: Int
        repeat { read = unsafe Glibc.read(descriptor, &bytes, count) } while read < 0 && errno == EINTR
        return Array(bytes.prefix(max(read, 0)))
    }

    /// Reads up to the end, or to a byte, which is the last one then.
    public func read(to last: UInt8? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        while last == nil || bytes.last != last {
            let more = read(upTo: last == nil ? 1 << 16 : 1)
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// Writes all of these bytes.
    public func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw POSIXFailure(what: "writing to a pipe", code: errno) }
            rest = rest.dropFirst(written)
        }
    }
}

/// The system refused something.
public struct POSIXFailure: Error, CustomStringConvertible {
    /// What it refused.
    let what: String
    /// Its reason, an `errno`.
    let code: Int32

    /// Both in words.
    public var description: String { "\(what): \(unsafe String(cString: strerror(code)))" }
}
