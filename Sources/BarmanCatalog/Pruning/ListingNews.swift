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

/// A listing that has more of what is chosen than the one before, or less, or other objects: nothing was deleted on it.
public struct ChoiceChanged: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was chosen.
    public var planned: ObjectTotal
    /// What is there now.
    public var listed: ObjectTotal

    /// Both, in words.
    public var description: String {
        guard planned.objects != listed.objects || planned.bytes != listed.bytes else {
            return
                "the archive has changed: of the \(planned.objects) objects that were to be deleted some are others now"
        }
        return
            "the archive has changed: \(planned.objects) objects of \(planned.bytes) bytes were to be deleted, and now "
            + "it would be \(listed.objects) of \(listed.bytes) bytes"
    }
}

/// What speaks against a deletion that was about to begin: nothing of the server was deleted.
public struct DeletionRefused: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of thing.
    public enum Reason: Hashable, Sendable {
        /// The archive is not any more what the plan was made of.
        case changed
        /// The store contradicts itself.
        case contradiction
        /// An answer came out of a cache.
        case cached
    }

    /// What kind of thing.
    public var reason: Reason
    /// What was found.
    public var description: String

    /// A refusal for this reason.
    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
