import Glibc

/// What this process has used so far.
enum Usage {
    /// The time on a processor, in seconds: on a busy machine a case may take long and be none the slower.
    static var processorTime: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    /// The most memory ever, in bytes.
    static var peakMemory: Int {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return usage.ru_maxrss * 1024
    }
}
