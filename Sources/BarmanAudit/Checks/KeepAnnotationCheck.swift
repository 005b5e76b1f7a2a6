internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage

/// Reports keep annotations that keep nothing.
///
/// Barman doubles the slash before the server's name in the key of an annotation if, and only if, the
/// `destinationPath` ends in a slash. Whoever adds or drops that slash makes every keep invisible, and the next
/// retention run deletes what was to be kept.
struct KeepAnnotationCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        orphans(subject) + notSeen(subject)
    }

    private func orphans(_ subject: AuditSubject) -> [Finding] {
        subject.catalog.orphanAnnotations.map { orphan in
            Finding(
                .annotationOrphan,
                .info,
                "keep annotation of backup \(orphan.backup), which is not there",
                hint: "Barman leaves the annotation behind when it deletes a backup; it does no harm"
            ).about(orphan.backup).about(orphan.key)
        }
    }

    private func notSeen(_ subject: AuditSubject) -> [Finding] {
        let keeps = subject.catalog.backups.flatMap { backup in backup.keeps.map { (backup.id, $0) } }
        let isMixed = Set(keeps.map(\.1.hasDoubledSlash)).count > 1
        return keeps.compactMap { id, keep in
            let condition: String
            switch subject.catalog.doublesSlashOfAnnotations {
            case let doubled? where doubled != keep.hasDoubledSlash:
                condition = "with this destinationPath"
            case nil where isMixed:
                condition = "if the destinationPath \(keep.hasDoubledSlash ? "does not end" : "ends") in a slash"
            default:
                return nil
            }
            return Finding(
                .keepNotSeen,
                .warning,
                "Barman does not see the keep annotation of backup \(id) \(condition)",
                hint: "write destinationPath as it was when the backup was kept, or keep the backup anew"
            ).about(id).about(keep.key)
        }
    }
}
