/// A flag as it stands on the command line: ArgumentParser does not tell a default from the same value given.
struct CommandFlag {
    private let name: String

    init(_ name: String) {
        self.name = name
    }

    /// Where its value comes from.
    var source: String {
        CommandLine.arguments.contains { $0 == name || $0.hasPrefix("\(name)=") } ? "flag \(name)" : "default"
    }
}
