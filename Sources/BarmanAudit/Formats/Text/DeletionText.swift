internal import BarmanCatalog
internal import ObjectStorage

/// What a deletion has done, for a person.
struct DeletionText {
    private let report: DeletionReport
    private let style: TextStyle

    init(_ report: DeletionReport, style: TextStyle) {
        self.report = report
        self.style = style
    }

    var lines: [String] {
        guard !report.servers.isEmpty else { return ["nothing to delete"] }
        return report.servers.flatMap(block) + [
            report.isComplete ? "done: nothing of the plan is listed any more, everything else still is" : left
        ]
    }

    private var left: String {
        report.servers.allSatisfy(\.tally.losses.isEmpty)
            ? "not done: some of the plan is still there; run it again"
            : "WARNING: what was to stay is gone or changed; stop whatever else deletes in this archive, then audit it"
    }

    private func block(of server: DeletionReport.Server) -> [String] {
        let tally = server.tally
        var lines = [style.paint(printable(server.prefix.bytes.dropLast()), .strong)]
        lines.append(
            "deleted \(counted(tally.deleted, "object")) of \(server.planned), \(byteCount(tally.deletedBytes))"
        )
        if tally.hidden > 0 {
            lines += style.wrapped(
                "\(counted(tally.hidden, "object")) only hidden: the bucket keeps versions, so no space is freed until "
                    + "the old ones are deleted, and what is locked stays until its lock ends",
                first: ""
            )
        }
        if tally.failed > 0 {
            lines.append("\(counted(tally.failed, "object")) could not be deleted:")
            for failure in tally.failures {
                lines += style.wrapped("\(failure.object.key): \(failure.outcome.problem)", first: "  ")
            }
            if tally.failed > tally.failures.count {
                lines.append("  … and \(tally.failed - tally.failures.count) more, which --log FILE names")
            }
        }
        for loss in tally.losses {
            lines += style.wrapped("it was to stay, but: \(loss)", first: "")
        }
        if tally.leftWAL { lines.append("WAL was left alone: first the backups that it served have to be gone") }
        if tally.remaining > 0 { lines.append("\(counted(tally.remaining, "object")) of the plan still listed") }
        return lines
    }
}

extension DeletionOutcome {
    /// Why the object may still be there.
    var problem: String {
        switch self {
        case .deleted: "deleted"
        case .hidden: "hidden"
        case .failed(let error): error.message
        case .unknown: "the store did not say what became of it"
        }
    }
}
