internal import ObjectStorage

/// What has to be listed of a location: all of it, or no more than the directories of the servers that are wanted.
struct ListingScope {
    /// The prefixes to list, which do not overlap.
    let prefixes: [[UInt8]]

    /// The directories of the servers that a location names, if each lies directly where its name says; else all of
    /// it, as a name may also be the last part of a path.
    ///
    /// One or two requests for each name.
    init(of location: ArchiveLocation, in store: any ObjectStore) async throws(ObjectStoreError) {
        var prefixes: Set<[UInt8]> = []
        for name in location.serverNames {
            guard let server = Self.directory(of: name, in: location),
                try await Self.isServer(server, in: store)
            else {
                self.prefixes = [location.prefix]
                return
            }
            prefixes.insert(server)
            // Where Barman puts the annotations of the server if the location ends in a slash.
            if case .bucket = location.place, !location.prefix.isEmpty {
                let name = server.dropFirst(location.prefix.count)
                prefixes.insert(location.prefix + [BarmanLayout.slash] + name)
            }
        }
        guard !prefixes.isEmpty else {
            self.prefixes = [location.prefix]
            return
        }
        // One inside of another comes with it.
        let sorted = prefixes.sorted { $0.lexicographicallyPrecedes($1) }
        self.prefixes = sorted.filter { prefix in !sorted.contains { $0 != prefix && prefix.starts(with: $0) } }
    }

    /// The directory of a server by its path below the location, nil where that is no path.
    private static func directory(of name: String, in location: ArchiveLocation) -> [UInt8]? {
        let path = Array((name.hasSuffix("/") ? name.dropLast() : name[...]).utf8)
        let parts = path.split(separator: BarmanLayout.slash, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return location.prefix + path + [BarmanLayout.slash]
    }

    private static func isServer(_ directory: [UInt8], in store: any ObjectStore) async throws(ObjectStoreError) -> Bool
    {
        for part in ["wals/", "base/"] {
            let request = ListRequest(prefix: ObjectKey(bytes: directory + Array(part.utf8)), maxKeys: 1)
            if try await store.list(request).count > 0 { return true }
        }
        return false
    }
}
