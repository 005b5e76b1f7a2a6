internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// The block of one server.
struct ServerText {
    private let report: ServerReport
    private let now: TimestampTZ
    private let style: TextStyle

    init(_ report: ServerReport, now: TimestampTZ, style: TextStyle) {
        self.report = report
        self.now = now
        self.style = style
    }

    private var catalog: BackupCatalog { report.analysis.catalog }

    func lines(_ sections: Set<ReportSection>) -> [String] {
        var lines = [title]
        if sections.contains(.findings) { lines += facts }
        if sections.contains(.backups) {
            lines += separated(BackupsText(report, style: style).lines(shortened: sections.count > 1))
        }
        if sections.contains(.wal) {
            lines += separated(WALText(report.analysis, style: style).lines(detailed: sections.count == 1))
        }
        if sections.contains(.windows) {
            lines += separated(WindowsText(report.analysis, style: style).lines(shortened: sections.count > 1))
        }
        if sections == [.usage] { lines += UsageText(catalog.usage, style: style).lines }
        if sections.contains(.findings), !report.findings.isEmpty {
            lines += separated(FindingsText(report.findings, style: style).lines)
        }
        return lines
    }

    private func separated(_ block: [String]) -> [String] {
        block.isEmpty ? [] : [""] + block
    }

    private var title: String {
        let directory = catalog.prefix.bytes.dropLast()
        let name = directory.isEmpty ? printable(catalog.name) : printable(directory)
        let status = (report.worst ?? .info).status
        let rule = max(3, style.width - name.displayWidth - status.count - 8)
        let color: TextStyle.Color = report.worst.map { $0 == .info ? .good : $0.color } ?? .good
        return
            "── \(style.paint(name, .strong)) \(String(repeating: "─", count: rule)) \(style.paint(status, color)) ──"
    }

    private var facts: [String] {
        var facts: [String] = []
        if let newest = catalog.backups.reversed().lazy.compactMap(\.details).first {
            let version = newest.version.map { "PostgreSQL \(Self.release($0))" }
            let system = newest.systemIdentifier.map { "system \(printable($0))" }
            facts.append([version, system].compactMap { $0 }.joined(separator: ", "))
        }
        let size = byteCount(Int64(catalog.wal.segmentSize.bytes))
        switch catalog.wal.sizeEvidence {
        case .backups: facts.append("WAL segments of \(size)")
        case .names: facts.append("WAL segments of \(size), judged by their names")
        case .assumed where catalog.wal.segmentCount > 0: facts.append("WAL segments of \(size), assumed")
        case .assumed: break
        }
        facts.append("\(byteCount(catalog.usage.total.bytes)) in \(counted(catalog.usage.total.objects, "object"))")
        var lines = style.wrapped(facts.filter { !$0.isEmpty }.joined(separator: ", "), first: "")
        if let head = catalog.wal.head {
            let age = duration(now.seconds(since: head.lastModified))
            let name = head.lastName(size: catalog.wal.segmentSize)
            lines += style.wrapped(
                "archive head \(name), stored \(age) ago (\(head.lastModified.toSeconds))",
                first: ""
            )
        }
        return lines
    }

    /// `15.18` for 150018, `9.6.3` for 90603.
    private static func release(_ version: Int) -> String {
        version >= 100_000
            ? "\(version / 10_000).\(version % 10_000)"
            : "\(version / 10_000).\(version / 100 % 100).\(version % 100)"
    }
}

extension TimestampTZ {
    /// The time without parts of a second, for people.
    var toSeconds: String {
        let rest = rawValue % 1_000_000
        return TimestampTZ(rawValue: rawValue - (rest < 0 ? rest + 1_000_000 : rest)).description
    }
}
