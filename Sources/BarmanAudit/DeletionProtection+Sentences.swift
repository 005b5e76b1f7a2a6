public import ObjectStorage

extension DeletionProtection {
    /// What of it whoever deletes should know, a sentence each; none where deleted objects are simply gone.
    public var sentences: [String] {
        switch (versioning, objectLock) {
        case (.unknown(let reason), .unknown(let other)):
            let reasons = reason == other ? reason : "\(reason); \(other)"
            return ["whether the bucket keeps versions or locks objects, the store does not say (\(reasons))"]
        default:
            return [versioning.sentence, objectLock.sentence].compactMap(\.self)
        }
    }
}

extension DeletionProtection.Versioning {
    fileprivate var sentence: String? {
        switch self {
        case .off: nil
        case .enabled:
            "the bucket keeps versions: what is deleted is only hidden, and no space is freed until the old versions "
                + "are deleted too"
        case .suspended:
            "the bucket has kept versions and does not any more: what was written before may only be hidden, and no "
                + "space is freed until the old versions are deleted too"
        case .unknown(let reason): "whether the bucket keeps versions, the store does not say (\(reason))"
        }
    }
}

extension DeletionProtection.ObjectLock {
    fileprivate var sentence: String? {
        switch self {
        case .off: nil
        case .enabled(nil):
            "the bucket can lock objects, though not all by itself: what is locked stays until its lock ends"
        case .enabled(let standard?):
            "the bucket locks objects for \(standard.period) (\(standard.mode)): what is locked stays until its lock "
                + "ends"
        case .unknown(let reason): "whether the bucket locks objects, the store does not say (\(reason))"
        }
    }
}
