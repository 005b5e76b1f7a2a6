import BarmanAudit
import CCellarProcess
import Glibc

/// What is true of the whole process.
enum Program {
    /// The version that `--version` and reports name.
    static let version = "0.1.0"

    /// Who makes the reports.
    static let tool = AuditReport.Tool(name: "cellarman", version: version)

    /// Sets up the process before anything secret is read.
    static func prepare() {
        // A broken pipe or connection is told by the call that meets it, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        // Keeps secrets out of core files.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // The limit does not hold where core files go to a program (systemd-coredump); this does, and it keeps other
        // processes of the user from reading the memory as well.
        cellar_forbid_dumps()
    }
}
