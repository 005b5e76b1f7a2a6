import ArgumentParser

/// `cellarman config`: what is set, and where.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Say what is set where, and which credentials are used.",
        subcommands: [ConfigShowCommand.self]
    )
}
