internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// The table of a server's backups, newest last.
struct BackupsText {
    private let report: ServerReport
    private let style: TextStyle

    // More than that, and a summary is none; the command `backups` prints them all.
    private static let mostInSummary = 12

    init(_ report: ServerReport, style: TextStyle) {
        self.report = report
        self.style = style
    }

    func lines(shortened: Bool) -> [String] {
        let all = report.analysis.assessments
        guard !all.isEmpty else { return ["no backups"] }
        let shown = shortened ? all.suffix(Self.mostInSummary) : all[...]
        let letters = BackupLetters(all)
        var table = TextTable([
            .text(""), .text("backup"), .text("status"), .number("tl"), .text("ended", dispensable: 1),
            .number("begin", dispensable: 4), .number("consistent", dispensable: 3), .number("size", dispensable: 2),
            .text("restorable"),
        ])
        for assessment in shown { table.append(row(assessment, letters)) }
        var lines = table.lines(style: style)
        if shown.count < all.count {
            lines.append("   … and \(all.count - shown.count) older ones: cellarman backups")
        }
        return lines
    }

    private func row(_ assessment: BackupAssessment, _ letters: BackupLetters) -> [String] {
        let backup = assessment.backup
        let details = backup.details
        return [
            String(letters[backup.id] ?? " "),
            backup.id.description,
            status(of: backup),
            details?.timeline.map(\.description) ?? "-",
            details?.endTime?.toSeconds ?? "-",
            details?.beginLSN?.description ?? "-",
            details?.endLSN?.description ?? "-",
            byteCount(backup.bytes),
            verdict(assessment),
        ]
    }

    private func status(of backup: BaseBackup) -> String {
        switch backup.info {
        case .missing: "no info"
        case .unreadable: "unreadable"
        case .refused: "not read"
        case .read(let details): printable(details.status.description)
        }
    }

    /// Why a listing does not decide.
    private func reason(for assessment: BackupAssessment) -> String {
        let backup = assessment.backup
        if backup.data.isElsewhere { return ": volume snapshot" }
        if backup.details?.parentBackupID != nil { return ": incremental" }
        if assessment.sharesServer { return ": another system's WAL" }
        return backup.data.uncertain.isEmpty ? ": WAL pending" : ": last part?"
    }

    private func verdict(_ assessment: BackupAssessment) -> String {
        let keep = assessment.backup.keep.flatMap(\.name).map { ", keep \($0)" } ?? ""
        switch report.isRestorable(assessment) {
        case true?: return "yes" + keep
        case nil: return "cannot tell\(reason(for: assessment))" + keep
        case false?:
            let codes = report.problems(of: assessment.backup.id).map(\.rawValue)
            return "no" + (codes.isEmpty ? "" : ": " + codes.prefix(2).joined(separator: ", ")) + keep
        }
    }
}

/// A letter for each backup, to find it in the drawing; none where there are more than letters.
struct BackupLetters {
    let letters: [BackupID: Character]

    init(_ assessments: [BackupAssessment]) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        guard assessments.count <= alphabet.count else {
            letters = [:]
            return
        }
        letters = Dictionary(uniqueKeysWithValues: zip(assessments.map(\.backup.id), alphabet))
    }

    subscript(backup: BackupID) -> Character? { letters[backup] }
}
