internal import CTestSpawn
internal import Glibc

/// A program that runs beside the tests.
///
/// Not Foundation's `Process`: a child that it starts keeps every descriptor that another thread opens at that moment,
/// so that a pipe whose other end somebody reads never ends (3 of 400 runs in a trial beside two threads that start
/// servers), and it copies more of a directory entry than there is. This one closes in the child whatever is not given
/// to it, and its pipes are nobody else's from the beginning.
public final class ChildProcess: Sendable {
    /// What a stream of the child leads to.
    public enum Stream: Sendable {
        /// The null device.
        case null
        /// The stream of the tests.
        case inherited
        /// A pipe, whose other end is ``input``, ``output`` or ``errors``.
        case pipe
    }

    /// How it ended.
    public enum Ending: Sendable, Equatable {
        /// With a status of its own.
        case exit(Int32)
        /// By a signal.
        case signal(Int32)
    }

    /// The number of the process.
    public let identifier: Int32

    /// Where its standard input is written.
    public let input: PipeEnd

    /// Where its standard output is read.
    public let output: PipeEnd

    /// Where its standard error is read.
    public let errors: PipeEnd

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - path: the file of the program.
    ///   - arguments: what it is given, without its own name.
    ///   - environment: all of its environment, nil for that of the tests.
    ///   - folder: where it works, nil for where the tests do.
    ///   - input: its standard input.
    ///   - output: its standard output.
    ///   - errors: its standard error.
    /// - Throws: `POSIXFailure`.
    public init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        in folder: String? = nil,
        input: Stream = .null,
        output: Stream = .inherited,
        errors: Stream = .inherited
    ) throws {
        let ends = try [input, output, errors].map { $0 == .pipe ? try PipeEnd.pair() : nil }
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in [input, output, errors].enumerated() {
            let number = Int32(number)
            if let ends = ends[Int(number)] {
                let theirs = number == 0 ? ends.reading : ends.writing
                unsafe posix_spawn_file_actions_adddup2(&actions, theirs.descriptor, number)
            } else if stream == .null {
                unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
        }
        if let folder { unsafe posix_spawn_file_actions_addchdir_np(&actions, folder) }
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        // A thread that works for Dispatch holds signals back, and a child would go on with that.
        var (none, all) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        identifier = unsafe try Self.spawn(path, [path] + arguments, environment, &actions, &attributes)
        self.input = ends[0]?.writing ?? PipeEnd(-1)
        self.output = ends[1]?.reading ?? PipeEnd(-1)
        self.errors = ends[2]?.reading ?? PipeEnd(-1)
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String: String]?,
        _ actions: inout posix_spawn_file_actions_t,
        _ attributes: inout posix_spawnattr_t
    ) throws -> Int32 {
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe (environment ?? [:]).map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var identifier: pid_t = 0
        let code = unsafe variables.withUnsafeMutableBufferPointer { variables in
            let given = unsafe environment == nil ? environ : variables.baseAddress
            return unsafe posix_spawn(&identifier, path, &actions, &attributes, &words, given)
        }
        guard code == 0 else { throw POSIXFailure(what: path, code: code) }
        return identifier
    }

    /// Whether it has not ended yet.
    public var isRunning: Bool {
        var information = unsafe siginfo_t()
        // Looks only: who waits for it still finds it.
        let code = unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe code == 0 && information.si_signo == 0
    }

    /// Waits until it has ended; to be called once.
    @discardableResult
    public func wait() -> Ending {
        var status: Int32 = 0
        var ended: Int32
        repeat { ended = unsafe waitpid(identifier, &status, 0) } while ended < 0 && errno == EINTR
        precondition(ended == identifier, "nobody but this waits for \(identifier), and only once")
        let signal = status & 0x7F
        return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }
}
