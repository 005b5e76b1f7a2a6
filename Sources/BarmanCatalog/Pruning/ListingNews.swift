internal import ObjectStorage

extension BackupCatalog {
    /// What an object of a later listing shows that this catalog was loaded without and that would have changed what
    /// may be deleted, nil where it shows nothing of the kind.
    ///
    /// A backup that has begun meanwhile is newer than all others and changes nothing. An older one was left out of
    /// the first listing, and nobody has asked what WAL it needs.
    public func news(in entry: ArchiveEntry) -> String? {
        guard case .backup(let id, let part) = entry.subject else { return nil }
        guard let backup = backups.first(where: { $0.id == id }) else {
            guard let newest = backups.last?.id, id < newest else { return nil }
            let isKnown = part == .annotation && orphanAnnotations.contains { $0.backup == id }
            return isKnown ? nil : "backup \(id) was not listed at first, and now is: \(entry.key)"
        }
        guard part == .annotation, !backup.keeps.contains(where: { $0.key == entry.key }) else { return nil }
        return "backup \(id) was not annotated at first, and now is: \(entry.key)"
    }
}

/// How many objects were chosen, and how large they are altogether.
public struct ChosenObjects: Hashable, Sendable {
    /// How many.
    public var objects: Int
    /// The sum of their sizes, in bytes.
    public var bytes: Int64

    /// So many of such a size.
    public init(objects: Int = 0, bytes: Int64 = 0) {
        self.objects = objects
        self.bytes = bytes
    }
}

/// A listing that has more of what is chosen than the one before, or less: nothing was deleted on it.
public struct ChoiceChanged: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was chosen.
    public var planned: ChosenObjects
    /// What is there now.
    public var listed: ChosenObjects

    /// Both, in words.
    public var description: String {
        "the archive has changed: \(planned.objects) objects of \(planned.bytes) bytes were to be deleted, and now it "
            + "would be \(listed.objects) of \(listed.bytes) bytes"
    }
}
