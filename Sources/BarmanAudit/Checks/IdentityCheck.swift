internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// Reports a server whose parts do not belong together: several systems, or several segment sizes.
struct IdentityCheck: AuditCheck {
    func findings(in subject: AuditSubject) -> [Finding] {
        systems(subject) + segmentSizes(subject)
    }

    private func systems(_ subject: AuditSubject) -> [Finding] {
        let pairs = subject.catalog.backups.compactMap { backup in
            backup.details?.systemIdentifier.map { ($0, backup.id) }
        }
        let systems = Dictionary(grouping: pairs, by: \.0).sorted { $0.key < $1.key }
        guard systems.count > 1 else { return [] }
        let list = systems.prefix(3).map { "\(printable($0.key)) (\($0.value[0].1))" }.joined(separator: ", ")
        return [
            Finding(
                .systemIdentifierConflict,
                .error,
                "backups of \(systems.count) different systems under one server: \(list)",
                hint: "their WAL overwrites each other; give every cluster a serverName of its own"
            )
        ]
    }

    private func segmentSizes(_ subject: AuditSubject) -> [Finding] {
        let contradicting = subject.analysis.assessments.filter(\.contradictsItself).map { assessment in
            Finding(
                .segmentSizeConflict,
                .error,
                "backup.info of \(assessment.backup.id) contradicts itself or the WAL: timeline, WAL names, positions and "
                    + "the segment size of \(byteCount(Int64(subject.size.bytes))) do not fit each other",
                hint: "backups and WAL of two systems lie under one server, or the file was changed"
            ).about(assessment.backup.id)
        }
        let names = subject.catalog.wal.impossibleNames
        guard names > 0 else { return contradicting }
        return contradicting + [
            Finding(
                .segmentSizeConflict,
                .error,
                "\(counted(names, "WAL name")) cannot exist at a segment size of \(byteCount(Int64(subject.size.bytes)))",
                hint: "WAL of another system lies under this server"
            )
        ]
    }
}
