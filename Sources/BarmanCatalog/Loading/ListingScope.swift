internal import ObjectStorage

/// What has to be listed of a location: all of it, or no more than the directories of the servers that are wanted.
struct ListingScope {
    /// The prefixes to list, which do not overlap.
    let prefixes: [[UInt8]]

    /// Whether that is less than the whole location.
    let isNarrow: Bool

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
                self = Self(wholeOf: location)
                return
            }
            prefixes.insert(server)
            // Where Barman puts the annotations of the server if its destination ended in a slash.
            if let twin = BarmanLayout.withDoubledSlash(server) { prefixes.insert(twin) }
        }
        guard !prefixes.isEmpty else {
            self = Self(wholeOf: location)
            return
        }
        isNarrow = true
        // One inside of another comes with it.
        let sorted = prefixes.sorted { $0.lexicographicallyPrecedes($1) }
        self.prefixes = sorted.filter { prefix in !sorted.contains { $0 != prefix && prefix.starts(with: $0) } }
    }

    /// All of a location.
    init(wholeOf location: ArchiveLocation) {
        prefixes = [location.prefix]
        isNarrow = false
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
