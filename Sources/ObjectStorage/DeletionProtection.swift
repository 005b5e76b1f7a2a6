/// What a store keeps of objects that are deleted, as it says itself.
///
/// A store that keeps versions only hides what is deleted; one with object lock keeps each version until its lock
/// ends. Both are settings of an S3 bucket.
public struct DeletionProtection: Hashable, Sendable {
    /// Whether deleted objects stay as older versions.
    public enum Versioning: Hashable, Sendable {
        /// They are gone.
        case off
        /// They stay, hidden behind a delete marker.
        case enabled
        /// No new versions are made, but old ones are still there.
        case suspended
        /// The store did not say, for this reason.
        case unknown(String)
    }

    /// Whether objects can be locked.
    public enum ObjectLock: Hashable, Sendable {
        /// They cannot.
        case off
        /// They can, and new ones are where there is a default.
        case enabled(Default?)
        /// The store did not say, for this reason.
        case unknown(String)
    }

    /// How long new objects are locked.
    public struct Default: Hashable, Sendable {
        /// `GOVERNANCE` or `COMPLIANCE`, as the store writes it.
        public var mode: String
        /// `30 days` or `1 years`, as the store writes it.
        public var period: String

        /// A default of this mode and period.
        public init(mode: String, period: String) {
            self.mode = mode
            self.period = period
        }
    }

    /// Whether deleted objects stay as older versions.
    public var versioning: Versioning
    /// Whether objects can be locked.
    public var objectLock: ObjectLock

    /// What a store answers to the two questions.
    public init(versioning: Versioning, objectLock: ObjectLock) {
        self.versioning = versioning
        self.objectLock = objectLock
    }

    /// That of a store that has neither.
    public static let none = DeletionProtection(versioning: .off, objectLock: .off)
}
