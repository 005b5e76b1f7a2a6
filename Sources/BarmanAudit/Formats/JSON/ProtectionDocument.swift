internal import ObjectStorage

/// What a store keeps of deleted objects, as JSON.
struct ProtectionDocument: Encodable {
    struct Default: Encodable {
        let mode: String
        let period: String
    }

    /// `off`, `enabled`, `suspended` or `unknown`.
    let versioning: String
    /// `off`, `enabled` or `unknown`.
    let objectLock: String
    let objectLockDefault: Nullable<Default>
    let sentences: [String]

    init(_ protection: DeletionProtection) {
        versioning =
            switch protection.versioning {
            case .off: "off"
            case .enabled: "enabled"
            case .suspended: "suspended"
            case .unknown: "unknown"
            }
        var standard: DeletionProtection.Default?
        switch protection.objectLock {
        case .off: objectLock = "off"
        case .enabled(let found): (objectLock, standard) = ("enabled", found)
        case .unknown: objectLock = "unknown"
        }
        objectLockDefault = Nullable(standard.map { Default(mode: $0.mode, period: $0.period) })
        sentences = protection.sentences
    }
}
