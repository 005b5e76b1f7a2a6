internal import BarmanCatalog
internal import ObjectStorage

/// What an audit would take, as JSON.
struct EstimateDocument: Encodable {
    struct Requests: Encodable {
        let list: Int
        let get: Int
    }

    let schemaVersion = 1
    let location: String
    let servers: Int
    let objects: Int
    let isComplete: Bool
    let requests: Requests
    let estimatedCost: ReportDocument.Cost?
    let asked: Requests

    init(_ report: EstimateReport) {
        location = report.location
        servers = report.estimate.servers
        objects = report.estimate.objects
        isComplete = report.estimate.isComplete
        requests = Requests(list: report.estimate.listRequests, get: report.estimate.reads)
        estimatedCost = report.prices.map { prices in
            ReportDocument.Cost(usd: report.cost ?? 0, prices)
        }
        asked = Requests(list: report.requests.list, get: report.requests.get)
    }
}
