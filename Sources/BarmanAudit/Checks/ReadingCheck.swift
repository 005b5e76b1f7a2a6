internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage

/// Reports what could not be read, what came out of a cache, and base backups that lie elsewhere.
///
/// A listed object that the store does not hand out is neither absent nor damaged: whatever it says is not known, and
/// nothing may be concluded from its silence.
struct ReadingCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        subject.catalog.unread.map(unread) + cached(subject) + elsewhere(subject)
    }

    private func unread(_ object: UnreadObject) -> Finding {
        let what =
            switch object.role {
            case .info(let id): "backup.info of \(id)"
            case .annotation(let id): "the keep annotation of \(id)"
            case .history(let timeline): "the history file of timeline \(timeline)"
            }
        let finding = Finding(
            .objectUnreadable,
            .error,
            "\(what) could not be read: \(object.reason)",
            hint:
                "audit again; if it stays so, ask whoever runs the store: delete nothing until it hands out what it lists"
        ).about(object.key)
        return switch object.role {
        case .info(let id), .annotation(let id): finding.about(id)
        case .history(let timeline): finding.about(timeline)
        }
    }

    private func cached(_ subject: AuditSubject) -> [Finding] {
        guard let answer = subject.catalog.cachedAnswer else { return [] }
        return [
            Finding(
                .listingSuspect,
                .warning,
                "\(answer) came out of a cache, so that what is told here may be old",
                hint:
                    "ask the store without the cache, or exempt this bucket from it; nothing is deleted "
                    + "on such answers"
            )
        ]
    }

    private func elsewhere(_ subject: AuditSubject) -> [Finding] {
        let backups = subject.catalog.elsewhere
        guard let first = backups.first, let last = backups.last else { return [] }
        let named = backups.compactMap(\.label).first.map { ", such as '\(printable($0))'" } ?? ""
        let unread = backups.filter { $0.label == nil }.count
        let doubt = unread > 0 ? "; \(counted(unread, "label")) could not be read and might tell of none" : ""
        let place =
            backups.count == 1
            ? "begins in \(first.file.segment)" : "begin in \(first.file.segment) to \(last.file.segment)"
        return [
            Finding(
                .backupElsewhere,
                .info,
                "\(counted(backups.count, "base backup")) that \(backups.count == 1 ? "is" : "are") not in this bucket "
                    + "\(place)\(named)\(doubt)",
                hint: "volume snapshots leave such labels; their WAL counts as needed, and retention keeps it unless "
                    + "--drop-elsewhere says that they are gone"
            ).about(first.timeline)
        ]
    }
}
