internal import BarmanCatalog

extension BackupCatalog {
    /// The verdict on any target where nobody could look at what decides, nil where all of that was seen.
    ///
    /// A backup whose `backup.info` is not handed out might be the one that is picked; a history file that is not handed
    /// out may lead `latest`, or the way to any timeline, elsewhere.
    func unjudged(from selection: BackupSelection) -> TargetVerdict? {
        if let key = barmanServerHome {
            return TargetVerdict(
                .undetermined,
                .barmanServerHome,
                "this is the home of a Barman server, as \(key) shows, and no archive of barman-cloud",
                hint: "use barman itself: barman check, barman list-backups, barman recover"
            )
        }
        let object = unread.first { object in
            switch object.role {
            case .info(let id): if case .explicit(let wanted) = selection { wanted == id } else { true }
            case .history: true
            case .annotation: false
            }
        }
        return object.map { object in
            TargetVerdict(
                .undetermined,
                .objectUnreadable,
                "object \(object.key) could not be read: \(object.reason)",
                hint: "ask again; if it stays so, ask whoever runs the store: it contradicts its own listing"
            )
        }
    }
}
