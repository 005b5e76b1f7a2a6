import ArgumentParser
import BarmanCatalog
import FoundationEssentials
import ObjectStorage
import ObjectStorageS3

/// `cellarman config show`: every setting, where it comes from, and which credentials win.
struct ConfigShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show every setting with where it comes from, and which credentials are used and why.",
        discussion: """
            Takes the same options as the other commands, so that what it shows is what they would use. Secrets are \
            hidden. Nothing is asked over the network; with --resolve the service that gives the keys is (STS, the \
            container's, the instance's), but never the store.

            Exit status: 0 usable as far as can be told, 2 not (no credentials, half a key pair, a bad file), 64 asked \
            wrongly.

            EXAMPLES
              cellarman config show
              cellarman config show s3://backups/homelab/ --endpoint-url http://10.0.0.110:3900 --region garage
              cellarman config show s3://backups --credentials-dir /etc/cnpg-backup-s3 -o json
              cellarman config show s3://backups --profile production --resolve
            """
    )

    @Argument(help: "s3://bucket/prefix/, file:///path, or a directory. Without it the bucket is left open.")
    var location: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Ask the service that gives the keys, where there is one, whether it does.")
    var resolve = false

    func run() async throws {
        let place = try location.map { try ArchiveLocation(destinationPath: $0, serverNames: []).place }
        let opener = StoreOpener(options: connection, isQuiet: true)
        let settings = opener.settings
        var report = ConfigurationReport(
            settings,
            connection: connection,
            place: place,
            environment: ProcessInfo.processInfo.environment
        )
        var failure: (any Error)?
        do {
            try await examine(settings, opener, place, &report)
        } catch {
            failure = error
        }
        switch output.output {
        case .json: Terminal.write(try report.json(isOnOneLine: false), to: .output)
        case .ndjson: Terminal.write(try report.json(isOnOneLine: true), to: .output)
        case .text: Terminal.write(report.text, to: .output)
        }
        if let failure { throw failure }
    }

    /// Finds out whether a store could be asked with these settings.
    private func examine(
        _ settings: S3Settings,
        _ opener: StoreOpener,
        _ place: ArchiveLocation.Place?,
        _ report: inout ConfigurationReport
    ) async throws {
        if case .directory = place { return }
        if let problem = settings.problem { throw problem }
        guard case .bucket(let bucket)? = place ?? settings.bucket.map({ .bucket($0.value) }) else {
            if resolve { throw ValidationError("--resolve needs a location, s3://bucket, to resolve the keys for") }
            return
        }
        let configuration = try opener.configuration(settings, of: bucket)
        // Checks endpoint, region, key pair and certificates; asks nothing.
        _ = try S3ObjectStore(configuration)
        if resolve { report.resolved(try await configuration.fetchCredentials()) }
    }
}
