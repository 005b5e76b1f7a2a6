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
    /// A name may be the server's own or its path below the location, which tells two of one name apart. One that is
    /// the whole path of a server means no other, whatever else is named.
    func select(from servers: [ServerScan]) throws(ServerNotFound) -> [ServerScan] {
        guard !location.serverNames.isEmpty else { return servers }
        var selected: Set<[UInt8]> = []
        for wanted in location.serverNames {
            let path = Array((wanted.hasSuffix("/") ? wanted.dropLast() : wanted[...]).utf8)
            let exact = servers.filter { $0.prefix.dropFirst(location.prefix.count).dropLast().elementsEqual(path) }
            let found = exact.isEmpty ? servers.filter { isCalled(path, $0.prefix) } : exact
            guard !found.isEmpty else {
                throw ServerNotFound(
                    name: wanted,
                    location: location.destinationPath,
                    found: servers.prefix(20).map { self.path(of: $0.prefix) }
                )
            }
            selected.formUnion(found.map(\.prefix))
        }
        return servers.filter { selected.contains($0.prefix) }
    }

    /// Whether the last part of a server's directory, or the location that is the directory, is called so.
    private func isCalled(_ name: [UInt8], _ prefix: [UInt8]) -> Bool {
        let last = prefix.dropFirst(location.prefix.count).split(separator: BarmanLayout.slash).last
        return last?.elementsEqual(name) ?? self.name(of: prefix).utf8.elementsEqual(name)
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
