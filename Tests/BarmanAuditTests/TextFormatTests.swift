import BarmanAudit
import BarmanCatalog
import ObjectStorage
import PostgresWAL
import TestSupport
import Testing

struct TextFormatTests {
    private func report(_ scenario: String) async throws -> AuditReport {
        let bucket = try FixtureBucket(scenario)
        let now = try #require(TimestampTZ.parse(bucket.expected.now)?.time)
        return AuditReport(
            on: try await bucket.catalog(),
            at: try ArchiveLocation(destinationPath: "s3://\(scenario)"),
            by: AuditReport.Tool(name: "test", version: "0"),
            options: AuditOptions(now: now),
            requests: bucket.store.statistics
        )
    }

    @Test(arguments: try FixtureBucket.scenarios, [80, 200])
    func `no line is wider than asked for`(scenario: String, width: Int) async throws {
        let format = TextFormat(TextStyle(width: width))
        let text = try await format.render(report(scenario), sections: Set(ReportSection.allCases))
        for line in text.split(separator: "\n") {
            // A word that is longer than the line, such as a key, stays whole so that it can be copied.
            let isOneWord = line.split(separator: " ").contains { $0.count > width / 2 }
            #expect(line.count <= width || isOneWord, "\(line)")
        }
    }

    @Test
    func `names servers that could not be looked at, and what the requests cost`() async throws {
        var report = try await report("healthy-gzip")
        let error = ObjectStoreError(.accessDenied, "no right to read x", hint: "ask for it")
        report.failures = [BucketCatalog.Failure(name: "b\u{1B}", prefix: "b/", error: error)]
        report.prices = RequestPrices(source: .init(provider: "A Store", asOf: "2026-11-20"), list: 5, get: 0.4)
        report.requests.list = 1000
        report.requests.get = 0
        report.requests.head = 0
        let text = TextFormat(TextStyle(width: 100, hasColor: false))
            .render(report, sections: Set(ReportSection.allCases))
        #expect(text.contains("2 servers, 1 "))
        #expect(text.contains(", 1 not looked at\n"))
        #expect(text.contains("\n  cost      about $0.0050 at the list prices of A Store on 2026-11-20\n"))
        #expect(text.contains("\nb\\u{1B}: not looked at: no right to read x\n  → ask for it\n"))
    }

    @Test
    func `colours are there only where they are wanted`() async throws {
        let report = try await report("gap-between-backups")
        let sections = Set(ReportSection.allCases)
        #expect(!TextFormat(TextStyle(width: 80)).render(report, sections: sections).contains("\u{1B}"))
        let colored = TextFormat(TextStyle(width: 80, hasColor: true)).render(report, sections: sections)
        #expect(colored.contains("\u{1B}[31merror"))
    }

    @Test
    func `the drawing shows runs, gaps, forks, the head and where backups begin`() async throws {
        let text = TextFormat(TextStyle(width: 100)).render(try await report("promotions"), sections: [.wal])
        let rows = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        #expect(rows.contains("━━━━━━━━━"))
        #expect(rows.contains("└━━━━━━━━━"))
        #expect(rows.contains("└━━━━▶"))
        let gaps = TextFormat(TextStyle(width: 100)).render(try await report("gap-between-backups"), sections: [.wal])
        #expect(gaps.contains("  ━━━━━━╳╳━━━━━▶\n  A  B      C\n"))
    }

    @Test
    func `a key cannot write to the terminal`() throws {
        let evil: ObjectKey = "srv/wals/\u{1B}[2Jgone\u{202E}.txt"
        #expect(evil.description == "srv/wals/\\u{1B}[2Jgone\\u{202E}.txt")
    }
}
