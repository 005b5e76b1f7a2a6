/// The `status` of a `backup.info`.
public enum BackupStatus: Hashable, Sendable {
    /// No status was written: the file is empty, or older than the field.
    case empty
    /// The backup began; Barman writes it since 3.19.
    case started
    /// The backup failed.
    case failed
    /// Barman's server waits for WAL; `barman-cloud-backup` never writes it.
    case waitingForWALs
    /// The backup ended. It says nothing about the WAL that it needs.
    case done
    /// A Barman server copies the backup from another.
    case syncing
    /// A text that Barman 3.19 does not know, taken as it is.
    case other(String)

    /// The status that Barman's text means; it compares by case.
    public init(text: String) {
        self =
            switch text {
            case "EMPTY": .empty
            case "STARTED": .started
            case "FAILED": .failed
            case "WAITING_FOR_WALS": .waitingForWALs
            case "DONE": .done
            case "SYNCING": .syncing
            default: .other(text)
            }
    }
}

extension BackupStatus: CustomStringConvertible {
    /// The text as Barman writes it.
    public var description: String {
        switch self {
        case .empty: "EMPTY"
        case .started: "STARTED"
        case .failed: "FAILED"
        case .waitingForWALs: "WAITING_FOR_WALS"
        case .done: "DONE"
        case .syncing: "SYNCING"
        case .other(let text): text
        }
    }
}
