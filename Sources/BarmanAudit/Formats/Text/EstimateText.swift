internal import BarmanCatalog
internal import ObjectStorage

/// What an audit would take, in a few lines.
struct EstimateText {
    private let report: EstimateReport
    private let style: TextStyle

    init(_ report: EstimateReport, style: TextStyle) {
        self.report = report
        self.style = style
    }

    var lines: [String] {
        let estimate = report.estimate
        let degree = estimate.isComplete ? "about" : "at least"
        var lines = [
            style.paint(printable(report.location), .strong)
                + ": \(degree) \(grouped(estimate.objects)) objects of \(counted(estimate.servers, "server"))",
            "  an audit takes \(degree) \(grouped(estimate.listRequests)) LIST and \(grouped(estimate.reads)) GET; "
                + "unless --evidence names, also the WAL that decides, mostly one or two objects a window",
        ]
        if let cost = report.cost, let prices = report.prices {
            lines.append(
                "  \(degree) \(money(cost)) at \(prices.name), WAL left out"
            )
        }
        lines.append("  this estimate took \(grouped(report.requests.list)) LIST")
        return lines
    }
}
