/// When an object's turn is: what depends on another goes before it, WAL behind the backups that it served.
public struct DeletionTurn: Hashable, Sendable, Comparable {
    /// What kind of object it is.
    public enum Phase: Int, Hashable, Sendable, Comparable {
        /// Tars and everything else but the following.
        case data
        /// Annotations.
        case annotation
        /// `backup.info`: as long as it is there, deleting the backup can be tried again.
        case info

        /// Whether `left` comes first.
        public static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
    }

    /// The backup, nil for WAL and for annotations without one, which come last.
    public var backup: BackupID?

    /// What kind of object of the backup it is.
    public var phase: Phase

    /// The turn of an object of a backup, or of WAL.
    public init(backup: BackupID?, phase: Phase) {
        self.backup = backup
        self.phase = phase
    }

    /// Whether `left` comes first.
    public static func < (left: DeletionTurn, right: DeletionTurn) -> Bool {
        switch (left.backup, right.backup) {
        case (let first?, let second?) where first != second: first < second
        case (_?, nil): true
        case (nil, _?): false
        default: left.phase < right.phase
        }
    }
}
