import ArgumentParser

/// The exit statuses, which scripts rely on.
enum ExitStatus: Int32 {
    /// Nothing at or above the severity that was asked for.
    case success = 0
    /// Findings at or above it.
    case findings = 1
    /// Network, credentials, no such bucket or server. Never used for a damaged archive.
    case couldNotLook = 2
    /// The recovery target cannot be reached.
    case unreachable = 3
    /// The evidence does not decide whether it can.
    case undetermined = 4
    /// A retention plan that is not safe. Nothing was deleted.
    case refused = 5
    /// Usage, a malformed value.
    case usage = 64
    /// A defect of the program.
    case defect = 70
    /// SIGINT came: 128 and its number, as shells count.
    case interrupted = 130
    /// SIGTERM came.
    case terminated = 143

    /// What a command throws to end the process with the status.
    var exitCode: ExitCode { ExitCode(rawValue) }
}
