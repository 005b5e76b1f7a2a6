internal import BarmanCatalog
internal import BarmanRecovery
internal import ObjectStorage
internal import PostgresWAL

/// Retention plans, for a person.
struct PlanText {
    private let report: PlanReport
    private let style: TextStyle

    init(_ report: PlanReport, style: TextStyle) {
        self.report = report
        self.style = style
    }

    var lines: [String] {
        var lines = [
            "policy \(report.policy), minimum redundancy \(report.minimumRedundancy), at \(report.now.toSeconds)"
        ]
        for server in report.servers { lines += [""] + block(of: server) }
        let safe = report.servers.filter { !$0.plan.isRefused }
        let (objects, bytes) = safe.reduce((0, Int64(0))) { ($0.0 + $1.objects, $0.1 &+ $1.bytes) }
        let refused = report.servers.count - safe.count
        let rest = refused > 0 ? "; \(counted(refused, "plan")) refused" : ""
        lines += ["", "\(counted(objects, "object")) to delete, \(byteCount(bytes))\(rest); nothing was deleted"]
        for sentence in report.protection?.sentences ?? [] { lines += style.wrapped(sentence, first: "") }
        lines.append("digest \(report.digest)")
        return lines
    }

    private func block(of server: PlanReport.Server) -> [String] {
        let plan = server.plan
        var lines = [style.paint(printable(server.prefix.bytes.dropLast()), .strong)]
        if let point = plan.pointOfRecoverability { lines.append("recovery window from \(point.toSeconds) on") }
        var table = TextTable([.text("backup"), .text("status"), .text("action"), .text("why")])
        for decision in plan.decisions {
            table.append([
                decision.backup.description,
                decision.status.rawValue,
                decision.action.rawValue,
                decision.reasons.map(\.description).joined(separator: "; "),
            ])
        }
        lines += table.lines(style: style)
        lines += wal(plan, size: server.segmentSize)
        let verb = plan.isRefused ? "REFUSED, would delete" : "deletes"
        lines.append("\(verb) \(counted(server.objects, "object")), \(byteCount(server.bytes))")
        lines += beyond(server)
        if !plan.isRefused { lines += style.wrapped(proof(of: plan), first: "") }
        if let keys = server.keys { lines += keys.map { "  \($0)" } }
        if !server.findings.isEmpty { lines += FindingsText(server.findings, style: style).lines }
        return lines
    }

    /// What Barman's own command would leave of what goes.
    private func beyond(_ server: PlanReport.Server) -> [String] {
        server.beyond.flatMap { reason, total in
            style.wrapped(
                "Barman itself would keep \(counted(total.objects, "object")) of them, \(byteCount(total.bytes)); they go "
                    + "here because: \(reason)",
                first: "  "
            )
        }
            + (server.beyondBarman.isEmpty
                ? [] : server.plan.barmanStop.map { ["  Barman would end with an error: \($0)"] } ?? [])
    }

    /// What the comparison of the windows before and after has shown.
    private func proof(of plan: RetentionPlan) -> String {
        let kept = Set(plan.decisions.filter { $0.action == .keep }.map(\.backup))
        let before = plan.windowsBefore.filter { kept.contains($0.backup) }
        let same = "\(counted(before.count, "window")) of backups that stay: the same before and after"
        guard before != plan.windowsAfter else { return same }
        let shorter = Set(before).subtracting(plan.windowsAfter).map(\.backup.description)
        return
            "\(same), but for those of backups kept standalone, which can then be restored as they are and no further: "
            + "\(Set(shorter).sorted().joined(separator: ", "))"
    }

    private func wal(_ plan: RetentionPlan, size: WALSegmentSize) -> [String] {
        let keep = plan.wal.keep.reduce(0) { $0 + $1.count }
        let delete = plan.wal.delete.reduce(0) { $0 + $1.count }
        let lead = plan.isRefused ? "WAL, if it were not refused" : "WAL"
        var lines = ["\(lead): \(counted(keep, "segment")) to keep, \(delete) to delete"]
        lines += plan.wal.delete.prefix(Self.mostRuns).map { "  \(span($0.timeline, $0.segments, size: size))" }
        if plan.wal.delete.count > Self.mostRuns {
            lines.append("  … and \(plan.wal.delete.count - Self.mostRuns) more runs")
        }
        if let hold = plan.wal.hold { lines.append("  no WAL goes: \(hold)") }
        return lines
    }

    private static let mostRuns = 20
}
