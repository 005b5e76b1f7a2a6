internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage

/// The first lines of a report: how it stands with all servers together.
struct SummaryText {
    private let report: AuditReport
    private let style: TextStyle

    init(_ report: AuditReport, style: TextStyle) {
        self.report = report
        self.style = style
    }

    var lines: [String] {
        [style.paint(printable(report.location), .strong) + ": " + verdict]
            + rows.map { "  \($0.0.padded(8))  \($0.1)" }
    }

    /// What the whole listing holds.
    var total: [String] {
        [
            "",
            "listing: \(counted(report.total.objects, "object")), \(byteCount(report.total.bytes)); "
                + "outside any server: \(counted(report.outside.objects, "object")), \(byteCount(report.outside.bytes))",
        ]
    }

    private var verdict: String {
        let statuses: [(String, Int, TextStyle.Color)] = [
            ("with errors", report.servers.count { $0.worst == .error }, .error),
            ("with warnings", report.servers.count { $0.worst == .warning }, .warning),
            ("ok", report.servers.count { ($0.worst ?? .info) == .info }, .good),
            ("not looked at", report.failures.count, .error),
        ]
        let parts = statuses.filter { $0.1 > 0 }.map { style.paint("\(grouped($0.1)) \($0.0)", $0.2) }
        let servers = counted(report.servers.count + report.failures.count, "server")
        return parts.isEmpty ? servers : "\(servers), \(parts.joined(separator: ", "))"
    }

    private var rows: [(String, String)] {
        let analyses = report.servers.map(\.analysis)
        let verdicts = report.servers.flatMap { server in
            server.analysis.assessments.map { server.isRestorable($0) }
        }
        let findings = report.servers.flatMap(\.findings)
        let wal = analyses.map(\.catalog.wal)
        let unsure = verdicts.count { $0 == nil }
        var rows = [
            (
                "backups",
                "\(grouped(verdicts.count)), restorable as far as names tell: "
                    + grouped(verdicts.count { $0 == true })
                    + (unsure > 0 ? ", cannot tell: \(grouped(unsure))" : "")
            ),
            (
                "WAL",
                "\(grouped(wal.reduce(0) { $0 + $1.segmentCount })) segments, "
                    + "\(byteCount(wal.reduce(0) { $0 &+ $1.bytes })), "
                    + counted(analyses.reduce(0) { $0 + $1.gaps.count }, "gap")
            ),
            (
                "findings",
                [Severity.error, .warning, .info].map { severity in
                    "\(grouped(findings.count { $0.severity == severity })) \(severity.rawValue)"
                }.joined(separator: ", ")
            ),
            (
                "stored",
                "\(byteCount(report.total.bytes)) in \(grouped(report.total.objects)) objects"
                    + (report.outside.objects > 0
                        ? ", \(grouped(report.outside.objects)) of them outside any server" : "")
            ),
        ]
        let requests = report.requests
        rows.append(
            (
                "requests",
                "\(requests.list) LIST, \(requests.get) GET, \(requests.head) HEAD"
                    + (requests.retries > 0 ? ", \(requests.retries) of them repeated" : "")
                    + ", \(byteCount(requests.bytesReceived)) received"
            )
        )
        if let prices = report.prices {
            let cost = money(prices.cost(of: report.requests))
            rows.append(("cost", "about \(cost) at \(prices.name)"))
        }
        return rows
    }
}
