import BarmanAudit
import BarmanCatalog
import ObjectStorage
import Testing

struct EstimateReportTests {
    private func report(isComplete: Bool = true, prices: RequestPrices? = nil) -> EstimateReport {
        var estimate = ListingEstimate()
        estimate.servers = 2
        estimate.objects = 1_000_000
        estimate.reads = 31
        estimate.isComplete = isComplete
        var requests = RequestStatistics()
        requests.list = 40
        return EstimateReport(location: "s3://b/", estimate: estimate, requests: requests, prices: prices)
    }

    private let prices = RequestPrices(source: .init(provider: "A Store", asOf: "2026-11-20"), list: 5, get: 0.4)

    @Test
    func `says in words what an audit would take`() {
        let text = TextFormat(TextStyle(width: 200, hasColor: false)).render(report(prices: prices))
        #expect(
            text == """
                s3://b/: about 1,000,000 objects of 2 servers
                  an audit takes about 1,043 LIST and 31 GET; unless --evidence names, also the WAL that decides, mostly \
                one or two objects a window
                  about $0.0052 at the list prices of A Store on 2026-11-20, WAL left out
                  this estimate took 40 LIST

                """
        )
    }

    @Test
    func `says that there is more where it did not come to the end`() {
        let text = TextFormat(TextStyle(width: 200, hasColor: false)).render(report(isComplete: false))
        #expect(
            text.hasPrefix("s3://b/: at least 1,000,000 objects of 2 servers\n  an audit takes at least 1,043 LIST")
        )
        #expect(!text.contains("$"))
    }

    @Test
    func `says the same in JSON`() throws {
        let text = try JSONFormat().render(report(prices: prices))
        #expect(text.contains("\"objects\" : 1000000"))
        #expect(text.contains("\"usd\" : 0.0052"))
        #expect(text.contains("\"isComplete\" : true"))
    }

    @Test(arguments: [(0, 0, 0.0), (1_000_000, 0, 5), (1000, 2_000_000, 0.805)])
    func `requests cost what the prices say`(list: Int, get: Int, dollars: Double) {
        var requests = RequestStatistics()
        (requests.list, requests.get) = (list, get)
        #expect(abs(prices.cost(of: requests) - dollars) < 1e-9)
    }
}
