import ArgumentParser
import BarmanCatalog

/// Where to look, and how to reach it.
struct StoreOptions: ParsableArguments {
    @Argument(help: "s3://bucket/prefix/, file:///path, or a directory.")
    var location: String

    @Option(name: .long, help: "Only this server: its path below the location, or its name. Repeatable.")
    var server: [String] = []

    @OptionGroup var connection: ConnectionOptions

    /// The location as a value.
    func archiveLocation() throws -> ArchiveLocation {
        try ArchiveLocation(destinationPath: location, serverNames: server)
    }
}
