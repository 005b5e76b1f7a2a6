internal import PostgresWAL

/// Where a key lies in the tree that Barman writes: `<prefix>/<server>/(base|wals)/…`.
struct KeyPlace: Hashable {
    /// The length of the server's directory, with its slash: `<prefix>/<server>/`.
    var serverEnd: Int

    /// What the object is for.
    var role: ObjectRole

    /// Whether the key has just the shape that Barman, or a directory marker, gives it.
    var isCertain: Bool {
        switch role {
        case .wal(_, _, let isInPlace): isInPlace
        case .directoryMarker: true
        case .backup(_, let object): object != .unknown && object != .strayPart
        case .unknown: false
        }
    }
}

/// Knows the tree, and alone does: key to meaning.
enum BarmanLayout {
    /// The place of a key whose first `start` bytes are the location's prefix, nil outside any server.
    ///
    /// A directory may itself be called `base` or `wals`, so the first place whose rest looks like Barman's wins;
    /// without one, the first that has misplaced WAL behind it; else the first directory of such a name that has a
    /// server before it.
    static func place(of key: Span<UInt8>, from start: Int) -> KeyPlace? {
        var fallback: KeyPlace?
        var misplaced: KeyPlace?
        var component = start
        while let end = key.firstIndex(of: slash, from: component) {
            if let role = role(of: key, component: component..<end) {
                let place = KeyPlace(serverEnd: component, role: role)
                if place.isCertain { return place }
                if case .wal = role {
                    misplaced = misplaced ?? place
                } else if fallback == nil, component > start {
                    fallback = place
                }
            }
            component = end + 1
        }
        return misplaced ?? fallback
    }

    /// What the rest of a key means behind a component, nil where the component is neither `base` nor `wals`.
    private static func role(of key: Span<UInt8>, component: Range<Int>) -> ObjectRole? {
        let rest = component.upperBound + 1
        if key.extracting(component).equals("wals") {
            guard rest < key.count else { return .directoryMarker }
            return walRole(of: key, from: rest)
        }
        if key.extracting(component).equals("base") {
            guard rest < key.count else { return .directoryMarker }
            return BackupLayout.role(of: key, from: rest)
        }
        return nil
    }

    /// What a key means whose part from `start` on lies below `wals/`.
    static func walRole(of key: Span<UInt8>, from start: Int) -> ObjectRole {
        var name = start
        while let end = key.firstIndex(of: slash, from: name) { name = end + 1 }
        let (stem, format) = key.extracting(name..<key.count).withoutCompressionSuffix()
        guard let file = WALFileName(stem) else { return .unknown }
        let isInPlace: Bool
        switch file.kind {
        case .timelineHistory:
            isInPlace = name == start
        case .segment, .partial, .backupHistory:
            // The directory is named by the first 16 digits, whatever the segment size (`xlog.hash_dir`).
            isInPlace = name == start + 17 && key.extracting(start..<start + 16).equals(stem.extracting(0..<16))
        }
        return .wal(file, format, isInPlace: isInPlace && file.isUpperCase)
    }

    /// `a//server/` for `a/server/`: where Barman writes annotations when `destinationPath` ends in a slash.
    ///
    /// Nil where nothing stands before the server: then there is no slash to double.
    static func withDoubledSlash(_ server: [UInt8]) -> [UInt8]? {
        guard let slash = server.dropLast().lastIndex(of: BarmanLayout.slash) else { return nil }
        return Array(server[...slash] + server[slash...])
    }

    static let slash = UInt8(ascii: "/")
}
