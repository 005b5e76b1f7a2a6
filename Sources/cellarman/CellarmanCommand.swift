import ArgumentParser

/// Where the process begins: not an asynchronous function, which would not run on its first thread.
@main
enum Main {
    static func main() {
        Program.prepare()
        Interruption.watch { await CellarmanCommand.main() }
    }
}

/// The root of the command line.
struct CellarmanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cellarman",
        abstract: "Says what can be restored from an archive of Barman's PostgreSQL backups.",
        discussion: """
            Looks into a bucket or a directory that barman-cloud-backup and barman-cloud-wal-archive have written, \
            as CloudNativePG runs them, and checks whether backups are whole and the WAL between them is unbroken. \
            It writes nothing; only retention apply deletes.

            LOCATION is a destinationPath as CloudNativePG writes it (s3://bucket/prefix/), file:///path or a \
            directory. All servers below it are looked at.

            EXAMPLES
              cellarman audit s3://backups/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman audit s3://backups/homelab/ --server example-db --max-backup-age 26h -o json
              cellarman windows /srv/mirror/example-db
              cellarman explain wal-gap

            CREDENTIALS come from the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, S3_ACCESS_KEY_ID and \
            S3_SECRET_ACCESS_KEY, or ACCESS_KEY_ID and ACCESS_SECRET_KEY), from a Secret mounted as a directory \
            (--credentials-dir), from a profile (~/.aws/credentials, --profile; its role with them), or from the \
            services that give a pod, a container or an EC2 instance its keys; never from a flag. `cellarman config \
            show` tells which of them wins, and why the others do not.

            EXIT STATUS
              0   nothing at or above --fail-on was found
              1   findings at or above --fail-on
              2   could not look: network, credentials, no such bucket or server
              3   check: the target cannot be reached
              4   check: the evidence does not decide it
              5   retention: the plan is refused
              64  asked wrongly
              70  a defect of cellarman
              130 interrupted (Ctrl-C), 143 terminated
            """,
        version: Program.version,
        subcommands: [
            AuditCommand.self, BackupsCommand.self, WALsCommand.self, WindowsCommand.self, CheckCommand.self,
            RetentionCommand.self, UsageCommand.self, ConfigCommand.self, ExplainCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(error, of: Self.self).exit()
        }
    }
}
