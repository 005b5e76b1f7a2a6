import ArgumentParser

/// `cellarman retention`: what a policy keeps and what it gives up.
struct RetentionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention",
        abstract: "Plan what a retention policy deletes, with a proof that nothing is lost, and delete it.",
        subcommands: [RetentionPlanCommand.self, RetentionApplyCommand.self]
    )
}
