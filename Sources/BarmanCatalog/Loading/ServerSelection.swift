internal import ObjectStorage

/// Finds the servers that a location names among those that were found.
struct ServerSelection {
    private let location: ArchiveLocation

    init(_ location: ArchiveLocation) {
        self.location = location
    }

    /// The server's name: the last part of its directory, or of the location where that is the directory itself.
    func name(of prefix: [UInt8]) -> String {
        let below = prefix.dropFirst(location.prefix.count)
        let parts = below.split(separator: BarmanLayout.slash)
        return parts.last.map { printable($0) } ?? location.lastComponent
    }

    /// What tells the server from all others: the path of its directory below the location, which is wanted as
    /// `--server`; its name where the location is that directory itself.
    private func path(of prefix: [UInt8]) -> String {
        let below = prefix.dropFirst(location.prefix.count).dropLast()
        return below.isEmpty ? printable(location.lastComponent) : printable(below)
    }

    /// The wanted servers, all where none is named.
    ///
    /// A name may be the server's own or its path below the location, which tells two of one name apart.
    func select(from servers: [ServerScan]) throws(ServerNotFound) -> [ServerScan] {
        guard !location.serverNames.isEmpty else { return servers }
        for wanted in location.serverNames where !servers.contains(where: { matches($0, wanted) }) {
            throw ServerNotFound(
                name: wanted,
                location: location.destinationPath,
                found: servers.prefix(20).map { path(of: $0.prefix) }
            )
        }
        return servers.filter { server in location.serverNames.contains { matches(server, $0) } }
    }

    private func matches(_ server: ServerScan, _ wanted: String) -> Bool {
        let path = server.prefix.dropFirst(location.prefix.count).dropLast()
        let trimmed = wanted.hasSuffix("/") ? String(wanted.dropLast()) : wanted
        return path.elementsEqual(trimmed.utf8)
            || path.split(separator: BarmanLayout.slash).last?
                .elementsEqual(trimmed.utf8) ?? (name(of: server.prefix) == trimmed)
    }
}

/// A server that was asked for is not there.
public struct ServerNotFound: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name that was asked for.
    public var name: String
    /// Where it was looked for.
    public var location: String
    /// The first servers that are there instead, by their paths below the location.
    public var found: [String]

    /// What was asked for and what is there.
    public var description: String {
        let there = found.isEmpty ? "no server at all was found there" : "found: \(found.joined(separator: ", "))"
        return "no server '\(printable(name))' below \(printable(location)); \(there)"
    }
}
