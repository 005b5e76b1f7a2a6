internal import BarmanCatalog
internal import BarmanRecovery

/// Reports the home of a Barman server, of which nothing else is judged.
///
/// It has directories of the same names, so that good backups would look damaged, and a plan would delete them.
struct BarmanServerCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        guard let key = subject.catalog.barmanServerHome else { return [] }
        return [
            Finding(
                .barmanServerHome,
                .error,
                "this is the home of a Barman server, as \(key) shows, and no archive of barman-cloud: nothing of it is judged",
                hint: "use barman itself: barman check, barman list-backups, barman recover"
            ).about(key)
        ]
    }
}
